package io.gradlens.decode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Chooses ImageIO's readers by hand. A plug-in on the class path puts itself before the JDK's
 * reader of the same format, and its pixels may differ.
 */
final class ImageReaders {

  private static final String JDK_PACKAGE = "com.sun.imageio.";

  private static final Map<String, ImageReaderSpi> JDK = new ConcurrentHashMap<>();

  private ImageReaders() {}

  /**
   * The JDK's reader of a format, with a file to read; metadata is ignored.
   *
   * @param format such as {@code png}
   */
  static ImageReader jdk(String format, byte[] file) throws IOException {
    return open(JDK.computeIfAbsent(format, ImageReaders::find), file);
  }

  /** A reader of a given provider, with a file to read; metadata is ignored. */
  static ImageReader open(ImageReaderSpi provider, byte[] file) throws IOException {
    ImageReader reader = provider.createReaderInstance(null);
    reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), false, true);
    return reader;
  }

  private static ImageReaderSpi find(String format) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance()
            .getServiceProviders(
                ImageReaderSpi.class,
                provider -> {
                  ImageReaderSpi spi = (ImageReaderSpi) provider;
                  return spi.getClass().getName().startsWith(JDK_PACKAGE)
                      && List.of(spi.getFormatNames()).contains(format);
                },
                false);
    if (!providers.hasNext()) {
      throw new IllegalStateException("This JDK has no ImageIO reader for " + format);
    }
    return providers.next();
  }
}
