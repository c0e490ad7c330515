package superweight.benchmarks;

import ai.djl.engine.Engine;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoints;
import superweight.model.CausalLM;
import superweight.model.KernelChoice;
import superweight.model.TorchEngine;

/**
 * This project's side of the benchmarks: a process that loads a model once and then does what it is asked, one JSON
 * document per line each way, until its input ends. The other side is {@code benchmarks/transformers_worker.py}.
 */
public final class Worker {
    private static final Gson GSON = new Gson();

    private Worker() {}

    /**
     * @param args the model's name or path, and the number of threads
     */
    public static void main(String[] args) throws IOException {
        PrintStream replies = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // nothing but replies goes to the other end
        TorchEngine.useThreads(Integer.parseInt(args[1]));
        try (CausalLM model = CausalLM.load(Checkpoints.open(args[0]));
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            replies.println(GSON.toJson(versions()));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                replies.println(GSON.toJson(reply(model, JsonParser.parseString(line).getAsJsonObject())));
            }
        }
    }

    private static Object reply(CausalLM model, JsonObject request) {
        try {
            return answer(model, request);
        } catch (InvalidInputException e) {
            return Map.of("fault", e.getMessage());
        }
    }

    private static Object answer(CausalLM model, JsonObject request) {
        String wanted = request.get("ask").getAsString();
        return switch (wanted) {
            case "windows" -> GSON.fromJson(request, Questions.Windows.class).of(model);
            case "items" -> GSON.fromJson(request, Questions.Items.class).of(model);
            case "perplexity" -> Round.timed(GSON.fromJson(request, Measurement.TextPerplexity.class), model);
            case "sweep" -> Round.timed(GSON.fromJson(request, Measurement.Sweep.class), model);
            case "choices" -> Round.timed(GSON.fromJson(request, Measurement.Choices.class), model);
            default -> throw new IllegalArgumentException("nobody can be asked for " + wanted);
        };
    }

    private static Map<String, String> versions() {
        return Map.of(
                "java", System.getProperty("java.vendor") + " " + Runtime.version(),
                "djl", Engine.getDjlVersion(),
                "libtorch", Engine.getInstance().getVersion(),
                "kernels", KernelChoice.nameHere(),
                "threads", Integer.toString(TorchEngine.threads()));
    }

    /**
     * What one round gave.
     *
     * @param seconds that it took
     * @param values what was measured, for comparison with the other side
     */
    record Round(double seconds, double[] values) {
        static Round timed(Measurement measurement, CausalLM model) {
            long began = System.nanoTime();
            double[] values = measurement.run(model);
            return new Round((System.nanoTime() - began) / 1e9, values);
        }
    }
}
