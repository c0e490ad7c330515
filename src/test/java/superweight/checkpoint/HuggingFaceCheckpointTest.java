package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;

class HuggingFaceCheckpointTest {
    private static final String NORM = "model.norm.weight";
    private static final String HEAD = "lm_head.weight";
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    private Path temporary;

    @Test
    void opensAFolderByItsPathWithAndWithoutSlash() {
        Path path = new TinyFolder().writeTo(folder());
        Checkpoint checkpoint = Checkpoints.open(path + "/");
        assertEquals(path, checkpoint.path());
        assertEquals(24, checkpoint.config().numAttentionHeads() * checkpoint.config().headDim());
        assertEquals(2 + 1 + 2 * 9, checkpoint.tensors().size());
        assertThrows(InvalidInputException.class, () -> checkpoint.read("model.layers.2.mlp.up_proj.weight"));
    }

    @Test
    void readsShardsLikeOneFile() {
        Checkpoint whole = Checkpoints.open(new TinyFolder().writeTo(folder()));
        Checkpoint sharded = Checkpoints.open(sharded().writeTo(temporary.resolve("sharded")));
        assertEquals(whole.tensors(), sharded.tensors());
        for (String name : whole.tensors().keySet()) {
            assertEquals(whole.read(name), sharded.read(name), name);
        }
    }

    @Test
    void prefersOneFileOverAnIndexAsTransformersDoes() {
        Path path = new TinyFolder().file(TinyFolder.INDEX, "not looked at").writeTo(folder());
        assertEquals(2, Checkpoints.open(path).config().numHiddenLayers());
    }

    @Test
    void passesOverTheRotaryTablesOfEarlyFiles() {
        String table = "model.layers.0.self_attn.rotary_emb.inv_freq";
        Checkpoint checkpoint = Checkpoints.open(new TinyFolder()
                .weights(TinyFolder.weights().floats(table, new float[3], Shape.of(3)))
                .writeTo(folder()));
        assertFalse(checkpoint.tensors().containsKey(table));
    }

    @Test
    void saysThatCodeOfTheModelIsNotRun() {
        List<String> warnings = Checkpoints.open(new TinyFolder()
                .config("auto_map", "{\"AutoModel\":\"modeling.Model\"}").writeTo(folder())).warnings();
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("auto_map") && warnings.get(0).contains("not run"), warnings.get(0));
    }

    @Test
    void usesAStoredOutputProjectionInATiedModelAndSaysSo() {
        Checkpoint checkpoint = Checkpoints.open(
                new TinyFolder().config("tie_word_embeddings", "true").writeTo(folder()));
        assertFalse(checkpoint.config().tieWordEmbeddings());
        assertEquals(List.of(folder().resolve(TinyFolder.CONFIG) + " says that the output projection is the embedding,"
                + " but the weights store one as well: that one is used, whether or not it is the same."),
                checkpoint.warnings());
    }

    @Test
    void countsRowsOfVectorsAndMatricesAlike() {
        Checkpoint checkpoint = Checkpoints.open(new TinyFolder().writeTo(folder()));
        float[] rows = new float[2 * 8];
        checkpoint.read(HEAD, 100, FloatBuffer.wrap(rows));
        float[] all = new float[264 * 8];
        checkpoint.read(HEAD).asFloatBuffer().get(all);
        assertArrayEquals(Arrays.copyOfRange(all, 800, 816), rows);
        assertEquals(1, checkpoint.shape(NORM).rows());
        assertEquals(8, checkpoint.shape(NORM).rowElements());
    }

    @Test
    void readsTheCacheOfTheHubWhoseFilesAreLinksToBlobs() throws IOException {
        Path repository = temporary.resolve("models--org--tiny");
        Path blobs = new TinyFolder().writeTo(repository.resolve("blobs"));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/0123abc"));
        for (Path blob : files(blobs)) {
            Files.createSymbolicLink(snapshot.resolve(blob.getFileName()),
                    Path.of("../../blobs").resolve(blob.getFileName()));
        }
        assertEquals(2, Checkpoints.open(snapshot).config().numHiddenLayers());
        Files.delete(blobs.resolve(TinyFolder.WEIGHTS));
        refuses(snapshot, "model.safetensors", "a link to a file that is missing");
    }

    @Test
    void refusesALinkThatLeavesTheFolder() throws IOException {
        Path path = new TinyFolder().without(TinyFolder.TOKENIZER).writeTo(folder());
        Path elsewhere = new TinyFolder().writeTo(temporary.resolve("elsewhere"));
        Files.createSymbolicLink(path.resolve(TinyFolder.TOKENIZER), elsewhere.resolve(TinyFolder.TOKENIZER));
        refuses(path, "tokenizer.json", "a link that leaves it");
    }

    @Test
    void refusesAFolderInPlaceOfAFile() throws IOException {
        Path path = new TinyFolder().without(TinyFolder.CONFIG).writeTo(folder());
        Files.createDirectory(path.resolve(TinyFolder.CONFIG));
        refuses(path, "config.json", "a file");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesInOneSentence(String name, TinyFolder folder, List<String> words) {
        refuses(folder.writeTo(folder()), words.toArray(String[]::new));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                refused("no config", new TinyFolder().without(TinyFolder.CONFIG), "has no config.json"),
                refused("config cut off", new TinyFolder().file(TinyFolder.CONFIG, "{\"a\":"), "config.json", "JSON",
                        "malformed"),
                refused("config a list", new TinyFolder().file(TinyFolder.CONFIG, "[]"), "config.json", "an object"),
                refused("config key twice", new TinyFolder().file(TinyFolder.CONFIG, "{\"a\":1,\"a\":1}"), "twice"),
                refused("config nested deeply",
                        new TinyFolder().file(TinyFolder.CONFIG, "{\"a\":" + "[".repeat(100_000)),
                        "nested at most 64 levels"),
                refused("config of many values", new TinyFolder().file(TinyFolder.CONFIG,
                        "{\"a\":[" + "0,".repeat(2_000_000) + "0]}"), "the number of values", "1048576"),
                refused("config too large", new TinyFolder().file(TinyFolder.CONFIG, " ".repeat(9 << 20)),
                        "the length of the file", "larger"),
                refused("config not UTF-8",
                        new TinyFolder().file(TinyFolder.CONFIG, new byte[] {(byte) 0xFF}), "UTF-8"),
                refused("bias", new TinyFolder().config("attention_bias", "true"), "config.json", "attention_bias"),

                refused("missing, misshapen and other weights at once", new TinyFolder().weights(TinyFolder.weights()
                                .without(NORM).without(HEAD).floats(HEAD, new float[16], Shape.of(2, 8))
                                .floats("model.layers.0.self_attn.q_proj.bias", new float[24], Shape.of(24))),
                        "its config.json", "lacks " + NORM, HEAD + " with shape [2, 8] instead of [264, 8]",
                        "unsupported model.layers.0.self_attn.q_proj.bias"),
                refused("a layer more than there is", new TinyFolder().config("num_hidden_layers", "3"),
                        "lacks model.layers.2.input_layernorm.weight", "and 1 more"),
                refused("no weights in the file", new TinyFolder().weights(new SafetensorsBytes()), "lacks", "more"),
                refused("weights cut short", new TinyFolder().file(TinyFolder.WEIGHTS,
                        Arrays.copyOf(TinyFolder.weights().toBytes(), 9000)), "model.safetensors", "the end of tensor"),
                refused("weights that are text", new TinyFolder().file(TinyFolder.WEIGHTS,
                        "version https://git-lfs.github.com/spec/v1\n"), "model.safetensors", "length of the header"),

                refused("index without a map", sharded().file(TinyFolder.INDEX, "{\"metadata\":{}}"), "weight_map",
                        "missing"),
                refused("index of numbers", sharded().file(TinyFolder.INDEX, "{\"weight_map\":{\"a\":1}}"),
                        "the file of tensor a", "a string"),
                refused("index with a tensor twice", sharded().file(TinyFolder.INDEX,
                        "{\"weight_map\":{\"a\":\"a.safetensors\",\"a\":\"a.safetensors\"}}"), "\"a\"", "twice"),
                refused("index nested deeply", sharded().file(TinyFolder.INDEX, "{\"metadata\":" + "[".repeat(100_000)),
                        "nested at most 64"),
                refused("missing shards", sharded().without(FIRST).without(SECOND), "lists files that are not in",
                        FIRST + ", " + SECOND),
                refused("tensor in no shard",
                        sharded().file(SECOND, TinyFolder.weights().only("model.norm.*").toBytes()),
                        "do not agree", HEAD + " is listed in " + SECOND + " and not there"),
                refused("tensor in two shards", sharded().file(SECOND, TinyFolder.weights().only(
                                "lm_head.*|model.norm.*|model.embed.*").toBytes()),
                        "model.embed_tokens.weight is in " + SECOND + " and listed in " + FIRST),
                refused("tensor in no list", sharded().file(SECOND, TinyFolder.weights().only("lm_head.*|model.norm.*")
                        .floats("extra", new float[1], Shape.of(1)).toBytes()),
                        "extra is in " + SECOND + " and listed nowhere"));
    }

    @Test
    void refusesAQwenModelWithoutItsNormsOrWithABiasOfAnotherShape() {
        String norm = "model.layers.1.self_attn.q_norm.weight";
        refuses(of(Family.QWEN3).weights(TinyFolder.weights(Family.QWEN3).without(norm)).writeTo(folder()),
                "its config.json", "lacks " + norm);
        String bias = "model.layers.0.self_attn.k_proj.bias";
        refuses(of(Family.QWEN2)
                        .weights(TinyFolder.weights(Family.QWEN2).without(bias)
                                .floats(bias, new float[24], Shape.of(24)))
                        .writeTo(folder()),
                bias + " with shape [24] instead of [12]");
        refuses(of(Family.QWEN3).weights(TinyFolder.weights(Family.QWEN2)).writeTo(folder()),
                "lacks model.layers.0.self_attn.q_norm.weight", "unsupported model.layers.0.self_attn.q_proj.bias");
        assertEquals(Family.QWEN3, Checkpoints.open(of(Family.QWEN3).writeTo(folder())).config().family());
        assertEquals(Family.QWEN2, Checkpoints.open(of(Family.QWEN2).writeTo(folder())).config().family());
    }

    /** The sizes of the tiny folder in another family. */
    private static TinyFolder of(Family family) {
        return new TinyFolder().withoutConfig("architectures").config("model_type", "\"" + family + "\"")
                .weights(TinyFolder.weights(family));
    }

    /** No name may be a way to another folder. */
    @Test
    void refusesAnIndexThatNamesFilesElsewhere() {
        for (String name : List.of("../x.safetensors", "/x.safetensors", "a/x.safetensors", "a\\\\x.safetensors",
                "C:x.safetensors", "..", "", "pytorch_model.bin", "x\\u0000.safetensors")) {
            Path path = sharded().file(TinyFolder.INDEX, "{\"weight_map\":{\"a\":\"" + name + "\"}}")
                    .writeTo(folder());
            refuses(path, "the file of tensor a", "plain name");
        }
    }

    @Test
    void refusesAShardThatIsALinkOutOfTheFolder() throws IOException {
        Path path = sharded().without(SECOND).writeTo(folder());
        Path elsewhere = sharded().writeTo(temporary.resolve("elsewhere"));
        Files.createSymbolicLink(path.resolve(SECOND), elsewhere.resolve(SECOND));
        refuses(path, SECOND, "a link that leaves it");
    }

    private static TinyFolder sharded() {
        String map = LlamaWeight.of(Checkpoints.open(goldenFolder()).config()).stream()
                .map(LlamaWeight::name)
                .map(name -> "\"" + name + "\":\"" + (name.matches("lm_head.*|model.norm.*") ? SECOND : FIRST) + "\"")
                .collect(Collectors.joining(","));
        return new TinyFolder().without(TinyFolder.WEIGHTS)
                .file(TinyFolder.INDEX, "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}")
                .file(FIRST, TinyFolder.weights().only("(?!lm_head|model.norm).*").toBytes())
                .file(SECOND, TinyFolder.weights().only("lm_head.*|model.norm.*").toBytes());
    }

    private static Path goldenFolder() {
        return Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama/gqa-untied-f32");
    }

    private Path folder() {
        return temporary.resolve("tiny");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Arguments refused(String name, TinyFolder folder, String... words) {
        return arguments(name, folder, List.of(words));
    }

    private static void refuses(Path path, String... words) {
        String message = assertThrows(InvalidInputException.class, () -> Checkpoints.open(path)).getMessage();
        assertTrue(message.contains(path.toString()) && message.endsWith(".") && !message.contains("\n"), message);
        Stream.of(words).forEach(word -> assertTrue(message.contains(word), () -> message + " lacks: " + word));
        assertTrue(message.length() < 800, message);
    }
}
