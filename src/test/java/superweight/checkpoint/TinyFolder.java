package superweight.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * A Hugging Face folder of a tiny Llama model in memory, to be changed and written: two layers, width 8, four query
 * heads of 6 over two, intermediate width 12, 264 tokens, untied; random float32 weights.
 */
final class TinyFolder {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final Path GOLDEN =
            Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama/gqa-untied-f32");

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    TinyFolder() {
        for (String name : new String[] {CONFIG, TOKENIZER, TOKENIZER_CONFIG}) {
            files.put(name, read(GOLDEN.resolve(name)));
        }
        file(WEIGHTS, weights().toBytes());
    }

    /** All of its weights. */
    static SafetensorsBytes weights() {
        return weights(Family.LLAMA);
    }

    /** All that a model of its sizes has in another family. */
    static SafetensorsBytes weights(Family family) {
        Random random = new Random(1);
        SafetensorsBytes weights = new SafetensorsBytes();
        ModelConfig config = new ModelConfig(
                family, 2, 8, 12, 4, 2, 6, 10_000, RopeScaling.NONE, 1e-5, 264, 64, false);
        for (LlamaWeight weight : LlamaWeight.of(config)) {
            float[] values = new float[Math.toIntExact(weight.shape().elements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            weights.floats(weight.name(), values, weight.shape());
        }
        return weights;
    }

    TinyFolder file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    TinyFolder file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    TinyFolder weights(SafetensorsBytes weights) {
        return file(WEIGHTS, weights.toBytes());
    }

    TinyFolder without(String name) {
        files.remove(name);
        return this;
    }

    /** Sets a field of {@code config.json} to a JSON value. */
    TinyFolder config(String key, String value) {
        return set(CONFIG, key, value);
    }

    TinyFolder withoutConfig(String key) {
        JsonObject object = object(CONFIG);
        object.remove(key);
        return file(CONFIG, object.toString());
    }

    /** Sets a field of one of the JSON files. */
    TinyFolder set(String name, String key, String value) {
        JsonObject object = files.containsKey(name) ? object(name) : new JsonObject();
        JsonElement json = JsonParser.parseString(value);
        object.add(key, json);
        return file(name, object.toString());
    }

    JsonObject object(String name) {
        return JsonParser.parseString(new String(files.get(name), StandardCharsets.UTF_8)).getAsJsonObject();
    }

    Path writeTo(Path folder) {
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(folder.resolve(file.getKey()), file.getValue());
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
