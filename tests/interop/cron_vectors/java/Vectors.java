// Firings as the Java SDK's scheduler computes them, with the parser that it holds. Reads
// [expression, zone, start, count] lines; answers with epoch seconds, "never" or "fails" ending a short list, or "refused".
import com.cronutils.model.Cron;
import com.cronutils.model.time.ExecutionTime;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import dev.dbos.transact.execution.SchedulerService;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

public class Vectors {
  static List<Object> firings(Cron cron, ZonedDateTime start, int count) {
    List<Object> found = new ArrayList<>();
    try {
      ExecutionTime times = ExecutionTime.forCron(cron);
      ZonedDateTime last = start;
      while (found.size() < count) {
        Optional<ZonedDateTime> next = times.nextExecution(last);
        if (next.isEmpty()) {
          found.add("never");
          return found;
        }
        last = next.get();
        found.add(last.toEpochSecond());
      }
    } catch (RuntimeException e) {
      found.add("fails");
    }
    return found;
  }

  static Object answer(JsonNode question) {
    Cron cron;
    try {
      cron = SchedulerService.CRON_PARSER.parse(question.get(0).asText()).validate();
    } catch (RuntimeException e) {
      return "refused";
    }
    ZoneId zone = ZoneId.of(question.get(1).asText());
    return firings(
        cron,
        Instant.ofEpochSecond(question.get(2).asLong()).atZone(zone),
        question.get(3).asInt());
  }

  public static void main(String[] arguments) throws Exception {
    ObjectMapper json = new ObjectMapper();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(json.writeValueAsString(answer(json.readTree(line))));
    }
  }
}
