import dev.dbos.transact.json.DBOSJavaSerializer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Each line of the input is a stored text; the answer says what the SDK reads and writes again. */
class Jackson {
  /** A class of the application's own. */
  public static class Point {
    public int x;
    public double y;
    public long far;
    public String label;
  }

  public enum Color {
    RED,
    GREEN
  }

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer(line));
    }
  }

  private static String answer(String text) {
    try {
      Object value = DBOSJavaSerializer.INSTANCE.deserialize(text);
      return "ok\t" + described(value) + "\t" + DBOSJavaSerializer.INSTANCE.serialize(value);
    } catch (Throwable failure) {
      return "error\t" + String.valueOf(failure).lines().findFirst().orElse("") + "\t";
    }
  }

  private static String described(Object value) {
    if (value == null) return "null";
    String type = value.getClass().getSimpleName();
    if (value instanceof Object[] items) return type + joined(Arrays.asList(items));
    if (value instanceof byte[] bytes) return type + Arrays.toString(bytes);
    if (value instanceof Collection<?> items) return type + joined(items);
    if (value instanceof Map<?, ?> map) {
      return type + map.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + described(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Point p) return type + "(" + p.x + ", " + p.y + ", " + p.far + ", " + p.label + ")";
    return type + " " + value.toString().replaceAll("\\p{Cntrl}", "?");
  }

  private static String joined(Collection<?> items) {
    return items.stream().map(Jackson::described).collect(Collectors.joining(", ", "[", "]"));
  }
}
