package io.gradlens.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.cam.ActivationTap;
import io.gradlens.cam.CamMethods;
import io.gradlens.cam.SaliencyMap;
import io.gradlens.cam.Upsampling;
import io.gradlens.decode.ImageDecoder;
import io.gradlens.image.Fit;
import io.gradlens.image.PixelImage;
import io.gradlens.image.ResizeFilter;
import io.gradlens.model.FeatureMaps;
import io.gradlens.model.ModelLoader;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Does the sample network look at the objects? The product's own path from file to map. */
class SampleMapsTest {
  private static final Path SAMPLES =
      Path.of(System.getProperty("gradlens.root", "..")).resolve("data-samples");
  private static final int RANDOM_NETWORKS = 5;

  private record Sample(PixelImage picture, String label, Box box) {}

  @Test
  void gradCamPeaksInTheBoxFarMoreOftenThanTheCentreOrARandomNetwork() throws IOException {
    List<Sample> samples = samples();
    try (ProbedModel model = ModelLoader.load(SAMPLES.resolve("model/shapes-cnn.zip"))) {
      double trained = hitRate(model, model, samples);
      double centre = centreRate(samples);
      List<String> layers = model.layers().stream().map(LayerInfo::name).toList();
      double random = 0;
      for (int seed = 1; seed <= RANDOM_NETWORKS; seed++) {
        try (ProbedModel untrained = model.withRandomised(layers, seed)) {
          random += hitRate(untrained, model, samples) / RANDOM_NETWORKS;
        }
      }
      System.out.printf(
          "Grad-CAM peak in the box, %d sample pictures: trained %.3f, picture's centre %.3f, random"
              + " weights %.3f (mean of %d)%n",
          samples.size(), trained, centre, random, RANDOM_NETWORKS);
      assertThat(samples).hasSizeGreaterThanOrEqualTo(40);
      assertThat(trained).isGreaterThanOrEqualTo(0.85);
      assertThat(trained).isGreaterThanOrEqualTo(3 * centre);
      assertThat(trained).isGreaterThanOrEqualTo(3 * random);
    }
  }

  private static List<Sample> samples() throws IOException {
    List<Sample> samples = new ArrayList<>();
    List<String> lines = Files.readAllLines(SAMPLES.resolve("boxes.csv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(",");
      byte[] bytes = Files.readAllBytes(SAMPLES.resolve(parts[0]));
      Box box =
          new Box(
              Integer.parseInt(parts[2]),
              Integer.parseInt(parts[3]),
              Integer.parseInt(parts[4]),
              Integer.parseInt(parts[5]));
      samples.add(new Sample(new ImageDecoder().decode(bytes).pixels(), parts[1], box));
    }
    return samples;
  }

  private static double centreRate(List<Sample> samples) {
    long hits =
        samples.stream()
            .filter(s -> s.box().holds(s.picture().width() / 2.0, s.picture().height() / 2.0))
            .count();
    return (double) hits / samples.size();
  }

  /** A zero map points nowhere and is no hit. */
  private static double hitRate(ProbedModel model, ProbedModel described, List<Sample> samples) {
    List<String> names = described.classNames().orElseThrow();
    InputShape input = described.input();
    String layer = described.autoLayer();
    int hits = 0;
    for (Sample sample : samples) {
      PixelImage fitted =
          Fit.SQUASH
              .apply(sample.picture(), input.width(), input.height(), ResizeFilter.BILINEAR)
              .image();
      float[] pixels = described.preprocessing().orElseThrow().apply(fitted, input.channels());
      try (Trace trace = model.forward(pixels, input.height(), input.width(), List.of(layer))) {
        float[][] target = new float[1][names.size()];
        target[0][names.indexOf(sample.label())] = 1;
        FeatureMaps a = trace.activation(layer);
        FeatureMaps g = trace.vjp(layer, List.<float[][]>of(target)).get(0);
        SaliencyMap map =
            CamMethods.named("grad-cam")
                .map(
                    new ActivationTap(
                        a.channels(), a.height(), a.width(), a.values()[0], g.values()[0]));
        hits += !map.isZero() && peaksIn(sample, map) ? 1 : 0;
      }
    }
    return (double) hits / samples.size();
  }

  private static boolean peaksIn(Sample sample, SaliencyMap map) {
    int width = sample.picture().width();
    int height = sample.picture().height();
    float[] large =
        Upsampling.BILINEAR.resize(map.heatmap(), map.height(), map.width(), height, width);
    int peak = 0;
    for (int i = 1; i < large.length; i++) {
      peak = large[i] > large[peak] ? i : peak;
    }
    return sample.box().holds(peak % width + 0.5, peak / width + 0.5);
  }
}
