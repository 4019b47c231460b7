package io.gradlens.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.image.PixelImage;
import io.gradlens.samples.DemoPicture.Form;
import io.gradlens.samples.Studio.Photograph;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;

/** The committed data-samples are what the generator draws, and what the README says. */
class DataSamplesTest {

  static final Path ROOT =
      Path.of(System.getProperty("gradlens.root", "..")).resolve("data-samples");

  @Test
  void committedPngsHoldTheGeneratedPixelsExactly() throws IOException {
    List<DemoPicture> pngs = readable(Form.PNG);
    assertThat(pngs).hasSizeGreaterThanOrEqualTo(6);
    for (DemoPicture picture : pngs) {
      assertThat(decode(picture))
          .as(picture.path())
          .usingRecursiveComparison()
          .isEqualTo(picture.stored().image());
    }
  }

  @Test
  void committedJpegsHoldTheGeneratedPixelsUpToTheirLoss() throws IOException {
    for (Form form : List.of(Form.COLOUR_JPEG, Form.GREY_JPEG, Form.SIDEWAYS_JPEG)) {
      for (DemoPicture picture : readable(form)) {
        double psnr = psnr(decode(picture), picture.stored().image());
        assertThat(psnr).as("PSNR of %s", picture.path()).isGreaterThan(27);
      }
    }
  }

  @Test
  void psnrTellsNeighbouringPicturesApart() {
    PixelImage image = Studio.shoot(Shape.BALL, 1, false).image();
    byte[] shifted = image.samples().clone();
    System.arraycopy(shifted, 3, shifted, 0, shifted.length - 3);
    PixelImage other = new PixelImage(image.width(), image.height(), 3, shifted);
    assertThat(psnr(other, image)).isLessThan(27);
  }

  @Test
  void theSameSeedDrawsTheSamePixels() {
    Photograph first = Studio.shoot(Shape.MUG, 5, false);
    Photograph second = Studio.shoot(Shape.MUG, 5, false);
    assertThat(first).usingRecursiveComparison().isEqualTo(second);
    assertThat(Studio.shoot(Shape.MUG, 6, false).image().samples())
        .isNotEqualTo(first.image().samples());
  }

  @Test
  void boxesAreThoseOfTheGenerator() throws IOException {
    List<String> expected = new ArrayList<>(List.of("path,label,x,y,width,height"));
    for (DemoPicture picture : DemoPicture.all()) {
      if (picture.form().readable()) {
        expected.add(picture.csv(picture.stored().box()));
      }
    }
    assertThat(Files.readAllLines(ROOT.resolve("boxes.csv"))).isEqualTo(expected);
  }

  @Test
  void boxesLieInsideThePictureAndAreSmall() {
    List<Photograph> photographs =
        DemoPicture.all().stream()
            .filter(picture -> picture.form().readable())
            .map(DemoPicture::stored)
            .toList();
    for (Photograph photograph : photographs) {
      Box box = photograph.box();
      assertThat(box.x()).isNotNegative();
      assertThat(box.y()).isNotNegative();
      assertThat(box.x() + box.width()).isLessThanOrEqualTo(photograph.image().width());
      assertThat(box.y() + box.height()).isLessThanOrEqualTo(photograph.image().height());
    }
    double share = photographs.stream().mapToDouble(Photograph::share).average().orElseThrow();
    assertThat(share).isBetween(0.06, 0.12);
  }

  @Test
  void theFolderHoldsFiftyFilesOfWhichTwoCannotBeRead() throws IOException {
    List<String> expected = DemoPicture.all().stream().map(DemoPicture::path).sorted().toList();
    try (Stream<Path> files = Files.walk(ROOT.resolve("images"))) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                  .sorted())
          .isEqualTo(expected)
          .hasSize(50);
    }
    assertThat(DemoPicture.all().stream().filter(p -> !p.form().readable())).hasSize(2);
  }

  @Test
  void theTruncatedPictureIsAJpegWithoutAnEnd() throws IOException {
    byte[] bytes = bytes(Form.TRUNCATED_JPEG);
    assertThat(bytes).startsWith(0xFF, 0xD8);
    assertThat(Arrays.copyOfRange(bytes, bytes.length - 2, bytes.length))
        .isNotEqualTo(new byte[] {(byte) 0xFF, (byte) 0xD9});
  }

  @Test
  void theTextIsNoImage() throws IOException {
    byte[] bytes = bytes(Form.TEXT);
    assertThat(ImageIO.read(new ByteArrayInputStream(bytes))).isNull();
    assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("none");
  }

  @Test
  void theSidewaysPictureCarriesOrientationSix() throws IOException {
    byte[] bytes = bytes(Form.SIDEWAYS_JPEG);
    assertThat(Arrays.copyOfRange(bytes, 6, 12)).isEqualTo(new byte[] {'E', 'x', 'i', 'f', 0, 0});
    assertThat(Arrays.copyOfRange(bytes, 22, 32))
        .isEqualTo(new byte[] {1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6});
  }

  @Test
  void greyPicturesHaveOneChannel() throws IOException {
    List<DemoPicture> grey = readable(Form.GREY_JPEG);
    assertThat(grey).isNotEmpty();
    for (DemoPicture picture : grey) {
      assertThat(decode(picture).channels()).isEqualTo(1);
    }
  }

  @Test
  void checksumsAreThoseOfTheFiles() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve(Checksums.FILE))) {
      listed.put(line.substring(66), line.substring(0, 64));
    }
    assertThat(Checksums.of(ROOT)).isEqualTo(listed);
  }

  @Test
  void everythingTogetherIsUnderThreeMegabytes() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      assertThat(files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum())
          .isLessThan(3_000_000);
    }
  }

  private static List<DemoPicture> readable(Form form) {
    return DemoPicture.all().stream().filter(picture -> picture.form() == form).toList();
  }

  private static byte[] bytes(Form form) throws IOException {
    List<DemoPicture> pictures = readable(form);
    assertThat(pictures).hasSize(1);
    return Files.readAllBytes(ROOT.resolve(pictures.get(0).path()));
  }

  static PixelImage decode(DemoPicture picture) throws IOException {
    try (ImageInputStream in =
        ImageIO.createImageInputStream(ROOT.resolve(picture.path()).toFile())) {
      ImageReader reader = ImageIO.getImageReaders(in).next();
      reader.setInput(in);
      Raster raster = reader.read(0).getRaster();
      int[] values = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
      byte[] samples = new byte[values.length];
      for (int n = 0; n < values.length; n++) {
        samples[n] = (byte) values[n];
      }
      reader.dispose();
      return new PixelImage(raster.getWidth(), raster.getHeight(), raster.getNumBands(), samples);
    }
  }

  private static double psnr(PixelImage actual, PixelImage expected) {
    assertThat(actual.width()).isEqualTo(expected.width());
    assertThat(actual.height()).isEqualTo(expected.height());
    assertThat(actual.channels()).isEqualTo(expected.channels());
    double sum = 0;
    for (int n = 0; n < expected.samples().length; n++) {
      double d = (actual.samples()[n] & 0xFF) - (expected.samples()[n] & 0xFF);
      sum += d * d;
    }
    return 10 * StrictMath.log10(255.0 * 255.0 * expected.samples().length / sum);
  }
}
