package io.yunfu.simulator.wechat;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {
  @Test
  void texts_and_cdata_are_read_alike() {
    assertThat(read("<xml><a>1 &lt; 2</a><b><![CDATA[1 < 2]]></b><c/></xml>"))
        .isEqualTo(Map.of("a", "1 < 2", "b", "1 < 2", "c", ""));
  }

  @Test
  void what_is_written_is_read_back_whatever_it_holds() {
    var fields = Map.of("body", "a]]>b & <c> 豆浆 🥛", "total_fee", "101", "attach", "`x`,\"y\"");
    assertThat(Xml.read(Xml.write(fields).getBytes(StandardCharsets.UTF_8))).isEqualTo(fields);
  }

  @Test
  void numbers_go_plain_and_all_else_in_cdata() {
    assertThat(Xml.write(Map.of("total_fee", "101")))
        .isEqualTo("<xml><total_fee>101</total_fee></xml>");
    assertThat(Xml.write(Map.of("mch_id", "1900000001")))
        .isEqualTo("<xml><mch_id><![CDATA[1900000001]]></mch_id></xml>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no xml",
        "<xml><a>1</xml>",
        "<xml><a>1</a></xml><xml/>",
        "<root><a>1</a></root>",
        "<xml><a><b>1</b></a></xml>",
        "<xml><a>1</a><a>2</a></xml>",
        "<xml><a>&undeclared;</a></xml>",
        "<!DOCTYPE xml><xml><a>1</a></xml>",
        "<!DOCTYPE xml [<!ENTITY e \"x\">]><xml><a>&e;</a></xml>",
        "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><a>&e;</a></xml>",
        "<!DOCTYPE xml [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/x\"> %p;]><xml><a>1</a></xml>",
        "<!DOCTYPE xml SYSTEM \"http://127.0.0.1:9/x.dtd\"><xml><a>1</a></xml>",
      })
  void whatever_is_not_one_flat_document_is_refused(String text) {
    assertRefused("XML_FORMAT_ERROR", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_billion_laughs_are_refused_at_once() {
    var bomb = new StringBuilder("<!DOCTYPE xml [<!ENTITY e0 \"ha\">");
    for (int i = 1; i <= 30; i++) {
      bomb.append("<!ENTITY e%d \"%s\">".formatted(i, ("&e" + (i - 1) + ";").repeat(10)));
    }
    bomb.append("]><xml><a>&e30;</a></xml>");
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertRefused("XML_FORMAT_ERROR", bomb.toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void depth_and_count_are_bounded() {
    String deep = "<xml>" + "<a>".repeat(100_000) + "</a>".repeat(100_000) + "</xml>";
    assertRefused("XML_FORMAT_ERROR", deep.getBytes(StandardCharsets.UTF_8));
    var wide = new StringBuilder("<xml>");
    for (int i = 0; i <= 512; i++) {
      wide.append("<f%d>1</f%d>".formatted(i, i));
    }
    assertRefused(
        "XML_FORMAT_ERROR", wide.append("</xml>").toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void another_encoding_is_refused_whatever_the_declaration_says() {
    String text = "<?xml version=\"1.0\" encoding=\"GBK\"?><xml><a>豆浆</a></xml>";
    assertRefused("NOT_UTF8", text.getBytes(Charset.forName("GBK")));
    assertThat(read(text)).containsEntry("a", "豆浆");
  }

  /// Parsers differ here, and some of these are read by one or another.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFF\uFEFF<xml/>",
        "<xml/>\uFEFF",
        "<xml/>\u0120",
        "\u013Cxml/>",
        "<xml/><",
        "<xml/></xml>",
        "<xml><a>1</a></xml>&#32;",
        "<xml/><![CDATA[x]]>",
        "<!-- a -- b --><xml/>",
        " <?xml version='1.0'?><xml/>",
        "<?xml version='1.0'?><?xml version='1.0'?><xml/>",
        "<?xml version='1.1'?><xml><a>1</a></xml>",
        "<?xml version='1.1'?><xml><a>&#1;</a></xml>",
        "<?xml version='2.0'?><xml/>",
        "<?xml encoding='UTF-8'?><xml/>",
        "<?xml version='1.0' encoding='no name'?><xml/>",
        "<?xml version='1.0' standalone='maybe'?><xml/>",
        "<?xml\u0001 version='1.0'?><xml/>",
        "<xml>&unknown;</xml>",
        "<xml><a>x&unknown;y</a></xml>",
        "<xml><a>&nbsp;</a></xml>",
        "<xml><a>a & b</a></xml>",
        "<xml><a>&#1;</a></xml>",
        "<xml><a>&#x1F;</a></xml>",
        "<xml><a>&#xD800;</a></xml>",
        "<xml><a>&#xD83D;&#xDE00;</a></xml>",
        "<xml><a>&#xFFFF;</a></xml>",
        "<xml><a>&#x110000;</a></xml>",
        "<xml><a>&#99999999999999999999;</a></xml>",
        "<xml><a>&#4294967361;</a></xml>",
        "<xml><a>&#x100000041;</a></xml>",
        "<xml><a>&#;</a></xml>",
        "<xml><a>&#-1;</a></xml>",
        "<xml><a>&#65</a></xml>",
        "<xml><a>&#X41;</a></xml>",
        "<xml><a>\u0001</a></xml>",
        "<xml><a>\u0000</a></xml>",
        "<xml><a>\uFFFE</a></xml>",
        "<xml><a><![CDATA[\u0001]]></a></xml>",
        "<xml><a><![CDATA[\uFFFF]]></a></xml>",
        "<xml><!-- \u0001 --></xml>",
        "<xml><!-- \uFFFF --></xml>",
        "<xml><a>]]></a></xml>",
        "<xml><a>x]]]>y</a></xml>",
        "<xml>]]></xml>",
        "<xml><a><![CDATA[x</a></xml>",
        "<xml><a><![cdata[x]]></a></xml>",
        "<xml>< a>1</a></xml>",
        "<xml><a>1</ a></xml>",
        "<xml><1a/></xml>",
        "<xml><a\u00A0/></xml>",
        "<xml><a😀>1</a😀></xml>",
        "<xml><a b='1' b='2'/></xml>",
        "<xml><a b=1/></xml>",
        "<xml/><!DOCTYPE xml>",
        "<xml><!DOCTYPE xml></xml>",
        "<!DOCTYPE xml [<!ATTLIST a b CDATA 'c'>]><xml><a/></xml>",
        "<!doctype xml><xml/>",
        "\uFEFF<xml/>",
      })
  void what_is_not_well_formed_is_refused_wherever_it_stands(String text) {
    assertRefused("XML_FORMAT_ERROR", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_name_has_a_bound() {
    String name = "a".repeat(1000);
    assertThat(read("<xml><" + name + ">1</" + name + "></xml>")).containsEntry(name, "1");
    String tooLong = "<xml><" + name + "a>1</" + name + "a></xml>";
    assertRefused("XML_FORMAT_ERROR", tooLong.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void numbers_of_characters_stand_for_them_and_ends_of_lines_are_one() {
    assertThat(read("<xml><a>&#65;&#x1F600;&#0000000000065;&#13;</a></xml>"))
        .containsExactly(Map.entry("a", "A😀A\r"));
    assertThat(read("<xml><a>1\r\n2\r3\n4</a><b><![CDATA[1\r\n2\r3]]></b></xml>"))
        .containsExactly(Map.entry("a", "1\n2\n3\n4"), Map.entry("b", "1\n2\n3"));
  }

  @Test
  void a_text_in_many_pieces_is_one() {
    String text = "&amp;x<![CDATA[]]]]><!-- c --><![CDATA[>]]>".repeat(3000);
    assertThat(read("<xml><a>" + text + "</a></xml>"))
        .containsExactly(Map.entry("a", "&x]]>".repeat(3000)));
  }

  @Test
  void what_no_field_is_made_of_is_passed_over() {
    assertThat(
            read(
                "<?p?><xml v='1'>x<!-- <a> --><a w='2'>1<?p q?>2<!-- c --></a>y<b:c>3</b:c></xml>"))
        .isEqualTo(Map.of("a", "12", "b:c", "3"));
  }

  @Test
  void what_is_read_the_short_way_is_what_the_parser_reads() {
    forAll(
        20_000,
        XmlTest::anyDocument,
        text -> {
          Map<String, String> simple = Xml.readSimple(text);
          if (simple != null) {
            assertThat(List.copyOf(simple.entrySet()))
                .isEqualTo(List.copyOf(Xml.parse(text).entrySet()));
          }
        });
  }

  @Test
  void the_short_way_is_that_of_nearly_all_messages() {
    assertThat(Xml.readSimple("<xml><a_1><![CDATA[x <&]] 豆]]></a_1><Fee>1</Fee><c></c></xml>"))
        .isEqualTo(Map.of("a_1", "x <&]] 豆", "Fee", "1", "c", ""));
    assertThat(Xml.readSimple("<xml></xml>")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<xml><a>&lt;</a></xml>",
        "<xml><a>1\r</a></xml>",
        "<xml><a>]]></a></xml>",
        "<xml><a>1</a><a>2</a></xml>",
        "<xml><a>1</a></xml>\n",
        "<xml><a>1</a>",
        "<xml><a>1</b></xml>",
        "<xml><a>1</a",
        "<xml><a><![CDATA[1</a></xml>",
        "<xml><1>1</1></xml>",
        "<xml><>1</></xml>",
        "<xml><a b='1'>1</a></xml>",
        "<xml><",
        "<xml>",
      })
  void what_is_written_otherwise_is_left_to_the_parser(String text) {
    assertThat(Xml.readSimple(text)).isNull();
  }

  /// Made of the pieces that both ways stumble over, mostly in a fitting order.
  private static String anyDocument(RandomGenerator random) {
    var text = new StringBuilder("<xml>");
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = pick(random, "a", "b", "c_1", "xml", "1", "d:e", "豆");
      text.append('<').append(name).append('>');
      for (int pieces = random.nextInt(3); pieces > 0; pieces--) {
        text.append(
            pick(
                random,
                "x",
                " ",
                "\n",
                "<![CDATA[",
                "]]>",
                "<![CDATA[y]]>",
                "]]",
                "&amp;",
                "&",
                "<",
                ">",
                "</a>",
                "豆浆",
                "\r\n"));
      }
      text.append("</").append(random.nextInt(20) == 0 ? "a" : name).append('>');
      text.append(pick(random, "", "", "", "", "", "", "", "\n", "z", "<!-- -->"));
    }
    return text.append(pick(random, "</xml>", "</xml>", "</xml>", "</xml> ", "")).toString();
  }

  private static String pick(RandomGenerator random, String... from) {
    return from[random.nextInt(from.length)];
  }

  private static Map<String, String> read(String text) {
    return Xml.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String code, byte[] body) {
    assertThatThrownBy(() -> Xml.read(body))
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
