package dev.dbosc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dbosc.types.Config;
import dev.dbosc.types.Json;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the package offers is what the library says of itself. */
class SurfaceTest {
  private static final Path BINDINGS = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> OWN_OF_A_BUILDER = Set.of("build", "argsPayload");

  private static Map<String, Json> description() throws IOException {
    return Json.parse(Files.readString(BINDINGS.resolve("describe.json"))).members();
  }

  private static List<Json> operations() throws IOException {
    return description().get("operations").items();
  }

  private static String text(Json object, String key) {
    return object.members().get(key).as(String.class);
  }

  private static boolean truth(Json object, String key) {
    Json found = object.members().get(key);
    return found != null && found.as(Boolean.class);
  }

  private static String camel(String name) {
    StringBuilder text = new StringBuilder();
    for (String word : name.split("_")) {
      text.append(word.substring(0, 1).toUpperCase()).append(word.substring(1));
    }
    return text.substring(0, 1).toLowerCase() + text.substring(1);
  }

  private static Method method(Class<?> of, String name, String request) {
    return Arrays.stream(of.getMethods())
        .filter(found -> found.getName().equals(name) && found.getParameterCount() == 1)
        .filter(found -> found.getParameterTypes()[0].getSimpleName().equals(request))
        .findFirst()
        .orElse(null);
  }

  private static String request(String operation) {
    String name = camel(operation);
    return name.substring(0, 1).toUpperCase() + name.substring(1) + "Request";
  }

  @Test
  void everyOperationIsAMethodThatReturnsItsReplyAndOneThatReturnsAFuture() throws IOException {
    for (Json operation : operations()) {
      String name = text(operation, "name");
      Method blocking = method(Client.class, camel(name), request(name));
      assertTrue(blocking != null, name);
      assertEquals(
          request(name).replaceAll("Request$", "Reply"), blocking.getReturnType().getSimpleName());
      Method async = method(Client.class, camel(name) + "Async", request(name));
      assertTrue(async != null, name);
      assertEquals(CompletableFuture.class, async.getReturnType());
    }
  }

  @Test
  void aTransactionHasTheOperationsThatMayRunInOne() throws IOException {
    for (Json operation : operations()) {
      String name = text(operation, "name");
      boolean there = method(Transaction.class, camel(name), request(name)) != null;
      assertEquals(truth(operation, "in_transaction"), there, name);
    }
  }

  @Test
  void noMethodIsAnOperationThatTheLibraryDoesNotHave() throws IOException {
    Set<String> known =
        operations().stream()
            .map(operation -> camel(text(operation, "name")))
            .collect(Collectors.toSet());
    for (Class<?> of : List.of(SharedOperations.class, ClientOperations.class)) {
      for (Method method : of.getDeclaredMethods()) {
        if (!java.lang.reflect.Modifier.isPublic(method.getModifiers())) continue;
        assertTrue(known.contains(method.getName().replaceAll("Async$", "")), method.toString());
      }
    }
  }

  @Test
  void everyKeyOfARequestIsSetByItsBuilderAndNoOther() throws IOException, ClassNotFoundException {
    for (Json operation : operations()) {
      String type = "dev.dbosc.types." + request(text(operation, "name"));
      checkBuilder(Class.forName(type + "$Builder"), operation.members().get("request"));
    }
    checkBuilder(Config.Builder.class, description().get("config"));
  }

  private static void checkBuilder(Class<?> builder, Json described) {
    Set<String> wanted = new TreeSet<>();
    for (Json field : described.members().get("fields").items()) {
      String key = camel(text(field, "key"));
      wanted.add(key);
      if (truth(field, "clearable")) {
        wanted.add("clear" + key.substring(0, 1).toUpperCase() + key.substring(1));
      }
    }
    Set<String> found =
        Arrays.stream(builder.getDeclaredMethods())
            .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .filter(name -> !OWN_OF_A_BUILDER.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(wanted, found, builder.getName());
  }

  @Test
  void everyKeyOfAReplyIsAComponentOfItsRecord() throws IOException {
    for (Json operation : operations()) {
      String name = text(operation, "name");
      Class<?> reply = method(Client.class, camel(name), request(name)).getReturnType();
      checkRecord(reply, operation.members().get("reply"), name);
    }
  }

  private static void checkRecord(Class<?> reply, Json described, String what) {
    List<String> wanted = new java.util.ArrayList<>();
    Map<String, Json> nested = new TreeMap<>();
    for (Json field : described.members().get("fields").items()) {
      String name = camel(text(field, "key"));
      wanted.add(name);
      Json within = field.members().getOrDefault("items", field);
      if (within.members().containsKey("fields")) nested.put(name, within);
    }
    RecordComponent[] components = reply.getRecordComponents();
    assertEquals(wanted, Arrays.stream(components).map(RecordComponent::getName).toList(), what);
    for (RecordComponent component : components) {
      Json within = nested.get(component.getName());
      if (within != null) checkRecord(element(component), within, what + "." + component.getName());
    }
  }

  /** Of a list its items' class, else its own. */
  private static Class<?> element(RecordComponent component) {
    if (!Collection.class.isAssignableFrom(component.getType())) return component.getType();
    var type = (java.lang.reflect.ParameterizedType) component.getGenericType();
    return (Class<?>) type.getActualTypeArguments()[0];
  }

  @Test
  void everyStatusHasAnExceptionOfItsName() throws IOException {
    String header = Files.readString(BINDINGS.resolve("../include/dbosc/dbosc.h"));
    var defines = Pattern.compile("#define DBOSC_([A-Z_]+)[\\s\\\\]+(\\d+)").matcher(header);
    int checked = 0;
    while (defines.find()) {
      int status = Integer.parseInt(defines.group(2));
      String name = defines.group(1).toLowerCase();
      if (Set.of("ok", "arguments", "value", "failure").contains(name)) continue;
      DboscException found = DboscException.of(status, "{\"kind\":\"k\",\"message\":\"m\"}");
      assertEquals(camel(name).toLowerCase(), found.getClass().getSimpleName().toLowerCase());
      assertEquals(status, found.status());
      checked++;
    }
    assertEquals(Statuses.INTERNAL, checked, "statuses of dbosc.h");
  }

  @Test
  void theRawLayerIsNotPublic() {
    assertFalse(java.lang.reflect.Modifier.isPublic(Raw.class.getModifiers()));
    assertFalse(java.lang.reflect.Modifier.isPublic(RawJNI.class.getModifiers()));
  }
}
