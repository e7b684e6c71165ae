import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Values of Java's own types, by the names that the tests know them by. */
final class Own {
  record Point(int x, Long y, String label) {}

  private Own() {}

  static Object value(String name) {
    return switch (name) {
      case "null" -> null;
      case "true" -> true;
      case "int" -> Integer.MIN_VALUE;
      case "long" -> Long.MAX_VALUE;
      case "big-integer" -> BigInteger.TWO.pow(64);
      case "decimal" -> new BigDecimal("1.10");
      case "double" -> 1.5;
      case "nan" -> Double.NaN;
      case "infinity" -> Double.POSITIVE_INFINITY;
      case "negative-zero" -> -0.0;
      case "float" -> 0.1f;
      case "char" -> 'é';
      case "text" -> "é漢😀\0\"\\";
      case "list" -> new ArrayList<Object>(Arrays.asList(1, "two", null, 3L));
      case "list-of" -> List.of(1, 2, 3);
      case "set" -> Set.of("one");
      case "map" -> new TreeMap<>(Map.of("a", 1, "é", List.of(true)));
      case "bytes" -> new byte[] {0, (byte) 255};
      case "ints" -> new int[] {1, -2};
      case "objects" -> new Object[] {1, "two"};
      case "uuid" -> UUID.fromString("12345678-1234-5678-1234-567812345678");
      case "instant" -> Instant.parse("2024-02-29T12:34:56.789Z");
      case "local-date" -> LocalDate.of(2024, 2, 29);
      case "local-time" -> LocalTime.of(12, 34, 56, 789_000_000);
      case "local-date-time" -> LocalDateTime.of(2024, 2, 29, 12, 34, 56);
      case "offset-date-time" -> OffsetDateTime.parse("2024-02-29T12:34:56+02:00");
      case "zoned-date-time" -> ZonedDateTime.parse("2024-02-29T12:34:56+01:00[Europe/Berlin]");
      case "duration" -> Duration.ofMillis(1500);
      case "optional" -> Optional.of("here");
      case "uri" -> URI.create("https://example.org/a?b=c");
      case "enum" -> TimeUnit.SECONDS;
      case "record" -> new Point(1, 2L, "é");
      default -> throw new IllegalArgumentException("no value " + name);
    };
  }
}
