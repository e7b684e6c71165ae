package dev.dbosc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text as it crosses into the library: UTF-8, and not the form of it that JNI has of its own. */
final class Utf8 {
  private Utf8() {}

  /** Refuses what UTF-8 cannot say, a surrogate that stands alone, and what C cannot, U+0000. */
  static byte[] bytes(String text) {
    if (text == null) return null;
    if (text.indexOf('\0') >= 0) throw DboscException.invalidArgument("U+0000 in a text");
    try {
      ByteBuffer encoded =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException error) {
      throw DboscException.invalidArgument("a surrogate that stands alone in a text");
    }
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
