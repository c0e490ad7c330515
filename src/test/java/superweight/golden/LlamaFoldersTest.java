package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RopeScaling;
import superweight.checkpoint.Shape;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.KernelChoice;
import superweight.model.Residence;
import superweight.model.Tokenizer.Bos;

/**
 * Tiny models as Hugging Face transformers saves them, and the GGUF files of some, give what it gives; they and what
 * is expected of them are made by {@code src/test/golden/make_llama_folders.py}.
 */
class LlamaFoldersTest {
    private static final Path FOLDERS =
            Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama");
    private static final double WITHIN = 2e-4;

    /** The beginning is {@code null} where there is none. */
    private record Expected(Integer bos, int eos, List<Text> texts) {}

    /** Probabilities at every position as {@code id:p} in units of 1e-5; those below 1e-4 are left out. */
    private record Text(
            String text,
            String ids,
            @SerializedName("plain_ids") String plainIds,
            String decoded,
            List<String> probabilities) {}

    static Stream<String> models() {
        return Stream.of("gqa-untied-f32", "tied-bf16-sharded", "llama3-f16", "linear-f16", "mistral-bf16",
                "qwen2-f32", "qwen2-f32/model.gguf", "qwen3-bf16", "qwen3-bf16/model.gguf");
    }

    @ParameterizedTest
    @MethodSource("models")
    void probabilitiesOfEveryTokenAtEveryPositionAgreeWithin2e4(String name) throws IOException {
        assertProbabilitiesAgree(name, Residence.MEMORY, KernelChoice.here());
    }

    @ParameterizedTest
    @MethodSource("models")
    void theyAgreeWhereWeightsAreStreamedFromTheirFiles(String name) throws IOException {
        assertProbabilitiesAgree(name, Residence.DISK, KernelChoice.here());
    }

    @ParameterizedTest
    @MethodSource("models")
    void theyAgreeWithTheReferenceKernels(String name) throws IOException {
        assertProbabilitiesAgree(name, Residence.MEMORY, KernelChoice.REFERENCE);
    }

    private static void assertProbabilitiesAgree(String name, Residence residence, KernelChoice kernels)
            throws IOException {
        Checkpoint checkpoint = Checkpoints.open(FOLDERS.resolve(name));
        try (CausalLM model = CausalLM.load(checkpoint, residence, kernels)) {
            for (Text expected : expected(name).texts()) {
                float[][] actual = probabilities(model, ids(expected.ids()));
                assertEquals(expected.probabilities().size(), actual.length);
                for (int t = 0; t < actual.length; t++) {
                    Map<Integer, Double> listed = listed(expected.probabilities().get(t));
                    for (int id = 0; id < actual[t].length; id++) {
                        assertEquals(listed.getOrDefault(id, 0.0), actual[t][id], WITHIN,
                                "token " + id + " after position " + t + " of " + expected.text());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void textsBecomeTheSameTokensAndComeBack(String name) throws IOException {
        Checkpoint checkpoint = Checkpoints.open(FOLDERS.resolve(name));
        assertEquals(List.of(), checkpoint.warnings());
        assertEquals(
                Optional.ofNullable(expected(name).bos()).map(OptionalInt::of).orElse(OptionalInt.empty()),
                checkpoint.tokenizer().bosId());
        assertEquals(OptionalInt.of(expected(name).eos()), checkpoint.tokenizer().eosId());
        try (CausalLM model = CausalLM.load(checkpoint)) {
            for (Text expected : expected(name).texts()) {
                int[] ids = model.tokenizer().encode(expected.text(), Bos.AUTO);
                assertArrayEquals(ids(expected.ids()), ids, expected.text());
                assertArrayEquals(ids(expected.plainIds()), model.tokenizer().encode(expected.text()), expected.text());
                assertEquals(expected.decoded(), model.tokenizer().decode(ids));
            }
        }
    }

    /** Without its scaling a model must fail its golden values, or they would not show that it is applied. */
    @ParameterizedTest
    @ValueSource(strings = {"llama3-f16", "linear-f16"})
    void ropeScalingMattersInTheModelsThatHaveIt(String name) throws IOException {
        Path source = FOLDERS.resolve(name);
        assertTrue(Checkpoints.open(source).config().ropeScaling() != RopeScaling.NONE);
        Path folder = Files.createTempDirectory("superweight-unscaled");
        try {
            for (String file : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
                Files.copy(source.resolve(file), folder.resolve(file));
            }
            String config = Files.readString(source.resolve("config.json"));
            Files.writeString(folder.resolve("config.json"), config.replaceAll("\"(llama3|linear)\"", "\"default\""));
            try (CausalLM scaled = CausalLM.load(Checkpoints.open(source));
                    CausalLM unscaled = CausalLM.load(Checkpoints.open(folder))) {
                int[] ids = ids(expected(name).texts().get(0).ids());
                float[] with = probabilities(scaled, ids)[ids.length - 1];
                float[] without = probabilities(unscaled, ids)[ids.length - 1];
                double largest = 0;
                for (int id = 0; id < with.length; id++) {
                    largest = Math.max(largest, Math.abs(with[id] - without[id]));
                }
                assertTrue(largest > 100 * WITHIN, "largest difference " + largest);
            }
        } finally {
            for (String file : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json", "config.json")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gqa-untied-f32", "tied-bf16-sharded"})
    void everyTensorIsReadInItsShape(String name) {
        Checkpoint checkpoint = Checkpoints.open(FOLDERS.resolve(name));
        assertEquals(!checkpoint.config().tieWordEmbeddings(), checkpoint.tensors().containsKey("lm_head.weight"));
        checkpoint.tensors().forEach((tensor, shape) -> assertEquals(
                shape.elements(), checkpoint.read(tensor).asFloatBuffer().capacity(), tensor));
        assertEquals(Shape.of(8, 12), checkpoint.tensors().get("model.layers.1.mlp.down_proj.weight"));
    }

    private static float[][] probabilities(CausalLM model, int[] ids) {
        try (NDManager scope = model.newScope()) {
            var hidden = model.hiddenStates(scope, List.of(ids), List.of(), ActivationReader.NONE).get(0);
            float[] flat = model.lmHead(scope).logits(hidden).softmax(-1).toFloatArray(); // [T, vocab]
            int vocab = flat.length / ids.length;
            float[][] rows = new float[ids.length][];
            for (int t = 0; t < ids.length; t++) {
                rows[t] = Arrays.copyOfRange(flat, t * vocab, (t + 1) * vocab);
            }
            return rows;
        }
    }

    private static Map<Integer, Double> listed(String line) {
        Map<Integer, Double> probabilities = new HashMap<>();
        for (String pair : line.split(" ")) {
            String[] parts = pair.split(":");
            probabilities.put(Integer.valueOf(parts[0]), 1e-5 * Integer.parseInt(parts[1]));
        }
        return probabilities;
    }

    private static int[] ids(String line) {
        return Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private static Expected expected(String name) throws IOException {
        Path model = FOLDERS.resolve(name);
        Path folder = Files.isDirectory(model) ? model : model.getParent();
        String json = Files.readString(folder.resolve("expected.json"));
        return new Gson().fromJson(json, Expected.class);
    }
}
