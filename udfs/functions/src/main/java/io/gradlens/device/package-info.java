/**
 * Trajectories on ND4J arrays: the second engine of neural ODEs, for wide networks and GPUs.
 *
 * <p>{@link io.gradlens.device.DeviceSolve} and {@link io.gradlens.device.DeviceAdjoint} give what
 * {@code OdeSolve} and {@code DiscreteAdjoint} of {@code io.gradlens.ode} give, by the same
 * methods, step sizes and recurrence; here a state is an array {@code [dim][lane]} on the device
 * and everything of its size is done by operations of ND4J.
 *
 * <p>To read: {@code DeviceStep} (a Runge–Kutta step), {@code MlpPass} (f and its vector–Jacobian
 * product), {@code DeviceLoop} (the loop over steps), {@code DeviceSweep} (the way back).
 */
package io.gradlens.device;
