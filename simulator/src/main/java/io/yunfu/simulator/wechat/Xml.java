package io.yunfu.simulator.wechat;

import com.ctc.wstx.stax.WstxInputFactory;
import java.io.CharArrayReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;

/// The wire's XML: a root with one level of elements. Anything cleverer is refused, document types
/// first of all.
final class Xml {
  /// More than any call has.
  private static final int FIELDS = 512;

  /// Unit: characters.
  private static final int LONGEST_NAME = 1000;

  /// Numbers go as they are, everything else in CDATA, as the channel does it.
  private static final Pattern NUMERIC = Pattern.compile(".*(_fee|_count)(_[0-9]+)*");

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// Safe for all threads once it is set up.
  private static final XMLInputFactory PARSERS = parsers();

  private Xml() {}

  /// The elements of a request in their order.
  ///
  /// @throws Refused `NOT_UTF8` or `XML_FORMAT_ERROR`
  static Map<String, String> read(byte[] body) {
    CharBuffer text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body));
    } catch (CharacterCodingException e) {
      throw new Refused("NOT_UTF8");
    }
    if (!isPlain(text)) {
      throw new Refused("XML_FORMAT_ERROR");
    }
    try {
      // As characters, so that what the declaration says of an encoding does not matter.
      XMLStreamReader reader =
          PARSERS.createXMLStreamReader(new CharArrayReader(text.array(), 0, text.length()));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new Refused("XML_FORMAT_ERROR");
    }
  }

  static String write(Map<String, String> fields) {
    return write("xml", fields);
  }

  static String write(String root, Map<String, String> fields) {
    var xml = new StringBuilder(64 + fields.size() * 48).append('<').append(root).append('>');
    fields.forEach((name, value) -> {
      xml.append('<').append(name).append('>');
      if (isNumeric(name) && NUMBER.matcher(value).matches()) {
        xml.append(value);
      } else {
        xml.append("<![CDATA[").append(value.replace("]]>", "]]]]><![CDATA[>")).append("]]>");
      }
      xml.append("</").append(name).append('>');
    });
    return xml.append("</").append(root).append('>').toString();
  }

  /// Most names show at once that they are not.
  private static boolean isNumeric(String name) {
    return (name.contains("_fee") || name.contains("_count")) && NUMERIC.matcher(name).matches();
  }

  private static Map<String, String> read(XMLStreamReader reader) throws XMLStreamException {
    Map<String, String> fields = new LinkedHashMap<>();
    var value = new StringBuilder();
    int depth = 0;
    if ("1.1".equals(reader.getVersion())) {
      throw new XMLStreamException("where other characters end lines");
    }
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          boolean fits =
              depth == 1
                  ? reader.getLocalName().equals("xml")
                  : depth == 2 && fields.size() < FIELDS && isName(reader.getLocalName());
          if (!fits) {
            throw new XMLStreamException("not one level of elements under xml");
          }
          value.setLength(0);
        }
        case XMLStreamConstants.END_ELEMENT -> {
          String name = reader.getLocalName();
          if (depth == 2 && fields.putIfAbsent(name, value.toString()) != null) {
            throw new XMLStreamException(name + " is there twice");
          }
          depth--;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (depth == 2) {
            value.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
          }
        }
        case XMLStreamConstants.COMMENT,
            XMLStreamConstants.PROCESSING_INSTRUCTION,
            XMLStreamConstants.END_DOCUMENT -> {}
        default -> throw new XMLStreamException("a document type, or an entity");
      }
    }
    return fields;
  }

  /// Of characters that XML 1.0 knows (section 2.2), without a mark of the byte order: the parser
  /// lets both pass.
  private static boolean isPlain(CharBuffer text) {
    if (!text.isEmpty() && text.get(0) == BYTE_ORDER_MARK) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.get(i);
      if (c >= '\uFFFE' || (c < ' ' && c != '\t' && c != '\n' && c != '\r')) {
        return false;
      }
    }
    return true;
  }

  /// Of XML 1.0 as parsers have it: characters beyond 16 bits are in no name.
  private static boolean isName(String name) {
    return name.length() <= LONGEST_NAME && name.codePointCount(0, name.length()) == name.length();
  }

  private static XMLInputFactory parsers() {
    var factory = new WstxInputFactory();
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    // Every text is read where it stands, so that what is wrong with it is said there.
    factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
    factory.setProperty(XMLInputFactory2.P_PRESERVE_LOCATION, false);
    return factory;
  }
}
