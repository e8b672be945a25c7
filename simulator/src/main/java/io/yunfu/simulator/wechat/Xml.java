package io.yunfu.simulator.wechat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// The wire's XML: a root with one level of elements. Anything cleverer is refused, document types
/// first of all.
final class Xml {
  /// More than any call has.
  private static final int FIELDS = 512;

  /// Numbers go as they are, everything else in CDATA, as the channel does it.
  private static final Pattern NUMERIC = Pattern.compile(".*(_fee|_count)(_[0-9]+)*");

  private static final SAXParserFactory PARSERS = parsers();

  private Xml() {}

  /// The elements of a request in their order.
  ///
  /// @throws Refused `NOT_UTF8` or `XML_FORMAT_ERROR`
  static Map<String, String> read(byte[] body) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body))
              .toString();
    } catch (CharacterCodingException e) {
      throw new Refused("NOT_UTF8");
    }
    var handler = new Handler();
    try {
      // As characters, so that what the declaration says of an encoding does not matter.
      PARSERS.newSAXParser().parse(new InputSource(new StringReader(text)), handler);
    } catch (SAXException | IOException e) {
      throw new Refused("XML_FORMAT_ERROR");
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's parser knows its features", e);
    }
    return handler.fields;
  }

  static String write(Map<String, String> fields) {
    return write("xml", fields);
  }

  static String write(String root, Map<String, String> fields) {
    var xml = new StringBuilder(64 + fields.size() * 48).append('<').append(root).append('>');
    fields.forEach((name, value) -> {
      xml.append('<').append(name).append('>');
      if (NUMERIC.matcher(name).matches() && value.matches("-?[0-9]+")) {
        xml.append(value);
      } else {
        xml.append("<![CDATA[").append(value.replace("]]>", "]]]]><![CDATA[>")).append("]]>");
      }
      xml.append("</").append(name).append('>');
    });
    return xml.append("</").append(root).append('>').toString();
  }

  private static SAXParserFactory parsers() {
    SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
    try {
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setXIncludeAware(false);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException("the JDK's parser knows its features", e);
    }
    return factory;
  }

  private static final class Handler extends DefaultHandler {
    final Map<String, String> fields = new LinkedHashMap<>();
    private final StringBuilder value = new StringBuilder();
    private int depth;

    @Override
    public void startElement(String uri, String local, String name, Attributes attributes)
        throws SAXException {
      depth++;
      boolean fits = depth == 1 ? name.equals("xml") : depth == 2 && fields.size() < FIELDS;
      if (!fits) {
        throw new SAXException("not one level of elements under xml");
      }
      value.setLength(0);
    }

    @Override
    public void endElement(String uri, String local, String name) throws SAXException {
      if (depth == 2 && fields.putIfAbsent(name, value.toString()) != null) {
        throw new SAXException(name + " is there twice");
      }
      value.setLength(0);
      depth--;
    }

    @Override
    public void characters(char[] text, int start, int length) {
      if (depth == 2) {
        value.append(text, start, length);
      }
    }

    @Override
    public void fatalError(org.xml.sax.SAXParseException e) throws SAXException {
      throw e; // and do not print it
    }
  }
}
