package io.yunfu.simulator.wechat;

import com.ctc.wstx.stax.WstxInputFactory;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;
import org.jspecify.annotations.Nullable;

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

  /// What stands in a text for what could not be decoded.
  private static final char REPLACEMENT = '\uFFFD';

  private static final String CDATA = "<![CDATA[";
  private static final String CDATA_END = "]]>";

  /// The last names of elements, each at a place that its letters determine.
  private static final AtomicReferenceArray<String> NAMES = new AtomicReferenceArray<>(256);

  /// Safe for all threads once it is set up.
  private static final XMLInputFactory PARSERS = parsers();

  private Xml() {}

  /// The elements of a request in their order.
  ///
  /// @throws Refused `NOT_UTF8` or `XML_FORMAT_ERROR`
  static Map<String, String> read(byte[] body) {
    String text = utf8(body);
    if (!isPlain(text)) {
      throw new Refused("XML_FORMAT_ERROR");
    }
    Map<String, String> fields = readSimple(text);
    return fields != null ? fields : parse(text);
  }

  private static String utf8(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(body))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Refused("NOT_UTF8");
    }
  }

  /// Any document.
  static Map<String, String> parse(String text) {
    try {
      // As characters, so that what the declaration says of an encoding does not matter.
      XMLStreamReader reader = PARSERS.createXMLStreamReader(new StringReader(text));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new Refused("XML_FORMAT_ERROR");
    }
  }

  /// The way most clients write, in a fifth of a parser's time: elements with nothing between them,
  /// each with one piece of CDATA, or with text that stands for itself.
  ///
  /// @return what [#parse] would; null for all that is written otherwise, or wrong
  static @Nullable Map<String, String> readSimple(String text) {
    if (!text.startsWith("<xml>") || text.indexOf('\r') >= 0) {
      return null; // ends of lines change
    }
    Map<String, String> fields = new LinkedHashMap<>();
    int at = "<xml>".length();
    while (!text.startsWith("</xml>", at)) {
      String name = nameAt(text, at);
      if (name == null) {
        return null;
      }
      int from = at + name.length() + 2;
      int to;
      int end;
      if (text.startsWith(CDATA, from)) {
        from += CDATA.length();
        to = text.indexOf(CDATA_END, from);
        end = to + CDATA_END.length();
      } else {
        to = text.indexOf('<', from);
        end = to;
      }
      if (to < 0 || !isEndTag(text, end, name)) {
        return null;
      }
      String value = text.substring(from, to);
      boolean itself = end > to || (value.indexOf('&') < 0 && !value.contains(CDATA_END));
      if (!itself || fields.size() == FIELDS || fields.putIfAbsent(name, value) != null) {
        return null;
      }
      at = end + name.length() + 3;
    }
    return at + "</xml>".length() == text.length() ? fields : null;
  }

  /// The name in a start tag; null if there is none at this place, or one that is not of plain
  /// letters.
  private static @Nullable String nameAt(String text, int at) {
    if (at >= text.length() || text.charAt(at) != '<') {
      return null;
    }
    int hash = 0;
    for (int i = at + 1; i < text.length() && i - at <= LONGEST_NAME + 1; i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (letter || (c >= '0' && c <= '9' && i > at + 1)) {
        hash = 31 * hash + c;
      } else {
        return c == '>' && i > at + 1 ? shared(text, at + 1, i, hash) : null;
      }
    }
    return null;
  }

  /// One text for a name that comes in every message, since orders keep theirs.
  private static String shared(String text, int from, int to, int hash) {
    int place = hash & (NAMES.length() - 1);
    String known = NAMES.getPlain(place);
    if (known != null && known.length() == to - from && text.startsWith(known, from)) {
      return known;
    }
    String name = text.substring(from, to);
    NAMES.set(place, name);
    return name;
  }

  private static boolean isEndTag(String text, int at, String name) {
    int end = at + 2 + name.length();
    return text.startsWith("</", at)
        && text.startsWith(name, at + 2)
        && end < text.length()
        && text.charAt(end) == '>';
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
  private static boolean isPlain(String text) {
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
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
