package io.gradlens.references;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The boxes of one picture in Pascal VOC's XML. */
record VocBoxes(List<int[]> boxes) {

  static VocBoxes read(Path file) throws Exception {
    NodeList nodes =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getElementsByTagName("bndbox");
    List<int[]> boxes = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Element box = (Element) nodes.item(i);
      boxes.add(
          new int[] {
            value(box, "xmin"), value(box, "ymin"), value(box, "xmax"), value(box, "ymax")
          });
    }
    return new VocBoxes(boxes);
  }

  private static int value(Element box, String name) {
    return Integer.parseInt(box.getElementsByTagName(name).item(0).getTextContent().trim());
  }

  /** True where a pixel lies in any box, its edges included. */
  boolean contains(int x, int y) {
    return boxes.stream().anyMatch(b -> x >= b[0] && x <= b[2] && y >= b[1] && y <= b[3]);
  }
}
