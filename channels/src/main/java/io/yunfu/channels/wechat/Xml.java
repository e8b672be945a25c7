package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ctc.wstx.stax.WstxInputFactory;
import io.yunfu.channels.Unreadable;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;

/// WeChat Pay's XML: one root, one level of elements, text. Whatever else XML can do is refused,
/// since none of it has business here and some of it reads files, asks other hosts, or never ends:
/// document types, entities, attributes, nesting, processing instructions. So is what two readers
/// could read in two ways: an element that stands twice, text beside elements, bytes that are not
/// UTF-8. Source: `channels.md` sections 2.1 and 9 (S1, S2).
final class Xml {
  /// The root of messages.
  static final String MESSAGE = "xml";

  /// The root of what a refund notice hides.
  static final String HIDDEN = "root";

  /// Unit: bytes.
  static final int LONGEST_NOTICE = 64 * 1024;

  private static final int MOST_ELEMENTS = 512;

  /// Unit: characters.
  private static final int LONGEST_NAME = 1000;

  /// Safe for all threads once it is set up. It remembers the names of elements, up to a bound of
  /// its own, since strangers may send notices.
  private static final XMLInputFactory PARSERS = parsers();

  private Xml() {}

  /// The elements in their order; values as they stand after unescaping.
  ///
  /// @param root the name that the root must have
  /// @throws Unreadable for all that is not such a message
  static Map<String, String> read(byte[] bytes, String root) {
    String text = utf8(bytes);
    // The parser would find it too; but then nobody has to trust its settings.
    if (text.contains("<!DOCTYPE") || text.contains("<!ENTITY")) {
      throw new Unreadable("the XML declares a document type");
    }
    needCharacters(text);
    try {
      XMLStreamReader reader = PARSERS.createXMLStreamReader(new StringReader(text));
      try {
        return read(reader, root);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new Unreadable("it is not XML");
    }
  }

  /// @param fields values without control characters: a parser would change some, and then the
  ///   signature would not fit
  static String write(Map<String, String> fields) {
    var xml = new StringBuilder("<xml>");
    fields.forEach((name, value) ->
        xml.append('<')
            .append(name)
            .append("><![CDATA[")
            .append(value.replace("]]>", "]]]]><![CDATA[>"))
            .append("]]></")
            .append(name)
            .append('>'));
    return xml.append("</xml>").toString();
  }

  private static Map<String, String> read(XMLStreamReader reader, String root)
      throws XMLStreamException {
    Map<String, String> fields = new LinkedHashMap<>();
    var text = new StringBuilder();
    int depth = 0;
    if ("1.1".equals(reader.getVersion())) {
      throw new Unreadable("it is XML 1.1"); // where other characters end lines
    }
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          needPlain(reader);
          if (depth == 1 && !reader.getLocalName().equals(root)) {
            throw new Unreadable("the root of the XML is not " + root);
          }
          if (depth > 2) {
            throw new Unreadable("the XML is nested");
          }
          if (depth == 2) {
            needBlank(text);
          }
          text.setLength(0);
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (depth == 2) {
            put(fields, reader.getLocalName(), text.toString());
          } else {
            needBlank(text);
          }
          text.setLength(0);
          depth--;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            text.append(reader.getText());
        case XMLStreamConstants.COMMENT, XMLStreamConstants.END_DOCUMENT -> {}
        default -> throw new Unreadable("the XML has parts that no message has");
      }
    }
    return fields;
  }

  private static void needPlain(XMLStreamReader reader) {
    if (reader.getAttributeCount() > 0
        || reader.getNamespaceCount() > 0
        || !reader.getPrefix().isEmpty()) {
      throw new Unreadable("the XML has attributes");
    }
    String name = reader.getLocalName();
    if (name.length() > LONGEST_NAME || name.codePointCount(0, name.length()) < name.length()) {
      throw new Unreadable("the XML has a name that no element has");
    }
  }

  /// The parser takes some for space, in the declaration, and lets others pass. Source: XML 1.0,
  /// section 2.2.
  private static void needCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c >= '\uFFFE') {
        throw new Unreadable("the XML has a character that XML cannot have");
      }
    }
  }

  private static void needBlank(StringBuilder text) {
    if (!text.toString().isBlank()) {
      throw new Unreadable("the XML has text beside elements");
    }
  }

  private static void put(Map<String, String> fields, String name, String value) {
    if (fields.put(name, value) != null) {
      throw new Unreadable("the XML has an element twice");
    }
    if (fields.size() > MOST_ELEMENTS) {
      throw new Unreadable("the XML has too many elements");
    }
  }

  private static XMLInputFactory parsers() {
    var factory = new WstxInputFactory(); // by name: no file on the class path chooses another one
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    // Every text is read where it stands, so that what is wrong with it is said there.
    factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
    factory.setProperty(XMLInputFactory2.P_PRESERVE_LOCATION, false);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("nothing outside of a message is read");
    });
    return factory;
  }

  /// Strictly. One mark of the byte order is let pass, by the parser.
  private static String utf8(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Unreadable("it is not UTF-8");
    }
  }
}
