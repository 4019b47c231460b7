package io.gradlens.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What training needs to know of a batch normalisation, y = γ(x − μ)/√(σ² + ε) + β (Ioffe and
 * Szegedy 2015); inference goes by the {@link ScaleShift} that it amounts to.
 *
 * @param gamma γ {@code [K]}, or null for 1
 * @param beta β {@code [K]}, or null for 0
 * @param mean the moving average μ, {@code [K]}
 * @param variance the moving average σ², {@code [K]}
 * @param epsilon ε
 * @param momentum the share that a moving average keeps of itself at a training step
 */
public record BatchNorm(
    INDArray gamma,
    INDArray beta,
    INDArray mean,
    INDArray variance,
    double epsilon,
    double momentum) {}
