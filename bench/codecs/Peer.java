import dev.dbos.transact.json.DBOSJavaSerializer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The Java SDK's serializer, Jackson, as a peer (bench/README.md). */
class Peer {
  public static void main(String[] args) throws Exception {
    var codec = DBOSJavaSerializer.INSTANCE;
    Map<String, String> texts = new HashMap<>();
    Map<String, Object> values = new HashMap<>();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      String key = words[1] + "." + words[2];
      if (!texts.containsKey(key)) {
        texts.put(key, Files.readString(Path.of(args[0], key)));
        values.put(key, codec.deserialize(texts.get(key)));
      }
      int size = 0;
      for (int times = Integer.parseInt(words[3]); times > 0; --times) {
        Object result =
            words[0].equals("decode") ? codec.deserialize(texts.get(key)) : codec.serialize(values.get(key));
        size = result.hashCode() | 1;
      }
      System.out.println(size);
    }
  }
}
