/**
 * Ordinary differential equations dy/dt = f(t, y, θ), y(t₀) = y₀, for many trajectories at once.
 *
 * <h2>A solve</h2>
 *
 * <pre>{@code
 * VectorField field = ClassicalSystems.named("lotka-volterra").field();
 * OdeSolve solve =
 *     OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-8, 1e-10));
 * Solution solution = solve.solve(field, Trajectories.of(2, new double[] {1, 1, 2, 1}, 0, 5, 10));
 * solution.y(1, 2, 0); // trajectory 1, at its third time, component 0
 * solution.status(1); // SUCCESS, or what went wrong and what to do
 * }</pre>
 *
 * <p>A {@link io.gradlens.ode.VectorField} is f. A {@link io.gradlens.ode.ButcherTableau} is a
 * method, as data; {@link io.gradlens.ode.Tableaus} holds those that are known, and {@link
 * io.gradlens.ode.OdeSolve#adamsMoulton} is the multistep one. A {@link
 * io.gradlens.ode.StepSizeController} chooses steps; tolerances have no default. {@link
 * io.gradlens.ode.Trajectories} are the initial states and times, {@link io.gradlens.ode.SaveAt}
 * says what is kept, and {@link io.gradlens.ode.OdeSolve} puts them together.
 *
 * <h2>Which method</h2>
 *
 * <table>
 * <caption>Methods by problem</caption>
 * <tr><td>most problems, tolerances of 1e-3 to 1e-8</td><td>dopri5, tsit5</td></tr>
 * <tr><td>smooth problems, tolerances below 1e-8</td><td>dop853</td></tr>
 * <tr><td>stiff problems</td><td>kvaerno5, kvaerno3 (they take f's Jacobian)</td></tr>
 * <tr><td>low accuracy</td><td>bosh3, fehlberg2</td></tr>
 * <tr><td>steps of one size</td><td>rk4, rk38, midpoint, heun, euler, Adams–Moulton</td></tr>
 * </table>
 *
 * <h2>Events</h2>
 *
 * <pre>{@code
 * Event bounce = Event.of(EventRoot.level(0, 0.2)).falling().restart(RestartMap.scaling(1, -0.8));
 * Solution solution = solve.events(bounce).solve(field, trajectories);
 * solution.events(0).get(0).t(); // when trajectory 0 touched the ground first
 * }</pre>
 *
 * <p>An {@link io.gradlens.ode.Event} is noted, ends the trajectory, or restarts it. Gradients go
 * through it.
 *
 * <h2>Lanes</h2>
 *
 * <p>States are structures of arrays, {@code [component][lane]}, and a lane works on one
 * trajectory. With {@link io.gradlens.ode.StepControl#PER_TRAJECTORY}, each has its own time and
 * step size, and takes up the next trajectory when its own ends; a trajectory's result is the same,
 * bit for bit, whatever else is in the batch. With {@link io.gradlens.ode.StepControl#SHARED} one
 * step size serves all, by torchdiffeq's rules to the last evaluation.
 *
 * <p>States may be single precision: every class here that touches them has a twin, {@code
 * FloatVectorField} and so on, written by the build from the same source. Times, step sizes,
 * tolerances, norms and sums stay double.
 *
 * <h2>The loop</h2>
 *
 * <p>{@code SolveLoop} is the only one: lanes take up trajectories that {@code Starts} has prepared
 * (Hairer's first step), {@code RungeKutta} tries a step in all lanes, {@code ErrorRatio} judges it
 * lane by lane, {@code EventLocator} cuts it short where an event is, {@code States} keeps what is
 * asked for by the method's dense output, and the controller proposes the next step. {@code
 * ImplicitStages} solves the stages of implicit methods. A {@link io.gradlens.ode.StepObserver} may
 * look on: that is how adjoints learn what to go back over.
 *
 * <p>Gradients are in {@link io.gradlens.ode.adjoint}; networks as fields in {@link
 * io.gradlens.ode.nn}; formulas, classical systems and classes by name in {@link
 * io.gradlens.ode.field}; flows in {@link io.gradlens.ode.flow}.
 */
package io.gradlens.ode;
