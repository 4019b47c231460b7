/**
 * Class activation maps: where a convolutional network looked.
 *
 * <p>An {@link io.gradlens.cam.ActivationTap} holds what a layer gave out for one picture, A, and
 * the gradient g = ∂y_c/∂A of one class's logit there. A {@link io.gradlens.cam.CamMethod} makes a
 * {@link io.gradlens.cam.SaliencyMap} of them: raw, at the layer's resolution, before its ReLU, so
 * that maps of different pictures can be compared. {@link io.gradlens.cam.CamMethods} lists the
 * methods:
 *
 * <table>
 * <caption>Z = H·W; sums over rows and columns unless over k</caption>
 * <tr><td>{@code grad-cam}</td><td>w_k = (1/Z)·Σ g; Σ_k w_k·A_k</td></tr>
 * <tr><td>{@code grad-cam++}</td><td>w_k = Σ α·ReLU(g), α = g²/(2g² + g³·ΣA + 1e-6); Σ_k w_k·A_k</td></tr>
 * <tr><td>{@code hires-cam}</td><td>Σ_k g ⊙ A</td></tr>
 * <tr><td>{@code layer-cam}</td><td>Σ_k ReLU(g) ⊙ A</td></tr>
 * <tr><td>{@code xgrad-cam}</td><td>w_k = Σ g⊙A / (ΣA + 1e-7); Σ_k w_k·A_k</td></tr>
 * </table>
 *
 * <p>Pictures are made from maps last: {@link io.gradlens.cam.Upsampling} to the picture's size,
 * {@link io.gradlens.cam.Colormap}, {@link io.gradlens.cam.Overlay}.
 *
 * <pre>{@code
 * SaliencyMap map = CamMethods.named("grad-cam").map(tap);
 * PixelImage blend = Overlay.DEFAULT.blend(picture, map.heatmap(), map.height(), map.width());
 * }</pre>
 */
package io.gradlens.cam;
