package superweight.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.io.PrintWriter;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a command's result goes: readable lines, or one JSON document. */
final class Output {
    /** What was not measured is null: a document of a command has the same fields whatever its options. */
    private static final JsonSerializer<OptionalDouble> OPTIONAL = (number, type, context) ->
            number.isPresent() ? new JsonPrimitive(number.getAsDouble()) : JsonNull.INSTANCE;

    /** JSON has no infinity and no NaN. */
    private static final JsonSerializer<Double> FINITE = (number, type, context) ->
            Double.isFinite(number) ? new JsonPrimitive(number) : JsonNull.INSTANCE;

    private static final Gson JSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .registerTypeAdapter(OptionalDouble.class, OPTIONAL)
            .registerTypeAdapter(Double.class, FINITE)
            .registerTypeAdapter(double.class, FINITE)
            .create();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "print the result as one JSON document")
    private boolean json;

    /**
     * Prints a result.
     *
     * @param document a record whose fields become the JSON document's
     * @param lines the same for a person
     */
    void print(Object document, String lines) {
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? json(document) : lines);
        if (out.checkError()) { // which flushes first
            throw new IllegalStateException("the result could not be written to standard output.");
        }
    }

    /** A record as a JSON document. */
    static String json(Object document) {
        return JSON.toJson(document);
    }

    /** Says on stderr, in one sentence, what is odd about a result. */
    void warn(String sentence) {
        PrintWriter err = command.commandLine().getErr();
        err.println("superweight: " + sentence);
        err.flush();
    }
}
