package superweight.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import superweight.InvalidInputException;

/** A model of the Llama architecture in a GGUF file, under Hugging Face's names and layout. */
final class GgufCheckpoint implements Checkpoint {
    private final GgufFile file;
    private final ModelConfig config;
    private final TokenizerSource tokenizer;
    private final Map<String, LlamaWeight> weights;

    private GgufCheckpoint(GgufFile file, ModelConfig config, TokenizerSource tokenizer, List<LlamaWeight> weights) {
        this.file = file;
        this.config = config;
        this.tokenizer = tokenizer;
        this.weights = new LinkedHashMap<>();
        weights.forEach(weight -> this.weights.put(weight.name(), weight));
    }

    /**
     * Opens a GGUF file and checks its config, its tokenizer and the presence and shape of every weight.
     *
     * @throws InvalidInputException if the file is malformed, or holds a model this library does not run
     */
    static GgufCheckpoint open(Path path) {
        GgufFile file = GgufFile.open(path);
        ModelConfig config = GgufConfig.read(file);
        List<LlamaWeight> weights = LlamaWeight.of(config);
        Map<String, Shape> needed = new LinkedHashMap<>();
        weights.forEach(weight -> needed.put(weight.ggufName(), weight.shape()));
        Map<String, Shape> found = new LinkedHashMap<>();
        file.tensors().values().forEach(tensor -> found.put(tensor.name(), tensor.shape()));
        WeightCheck.requireExactly(path, "its metadata", needed, found);
        return new GgufCheckpoint(file, config, GgufTokenizer.read(file.metadata()), weights);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public TokenizerSource tokenizer() {
        return tokenizer;
    }

    @Override
    public Map<String, Shape> tensors() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        weights.values().forEach(weight -> shapes.put(weight.name(), weight.shape()));
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public List<String> warnings() {
        return file.warnings();
    }

    @Override
    public void read(String name, long firstRow, FloatBuffer values) {
        shape(name); // refuses a name that is not among the model's
        LlamaWeight weight = weights.get(name);
        StoredTensor stored = file.tensors().get(weight.ggufName());
        if (weight.rotaryHeads() == 0) {
            stored.read(firstRow, values);
        } else {
            readUnpermuted(stored, weight.rotaryHeads(), firstRow, values);
        }
    }

    /**
     * Reads rows of a query or key projection in Hugging Face's order.
     *
     * <p>Within a head, GGUF interleaves the two halves that rotate together (0, d/2, 1, d/2 + 1,
     * ...); Hugging Face keeps them apart.
     */
    private static void readUnpermuted(StoredTensor stored, int heads, long firstRow, FloatBuffer values) {
        int columns = Math.toIntExact(stored.shape().rowElements());
        int headDim = Math.toIntExact(stored.shape().rows() / heads);
        FloatBuffer head = ByteBuffer.allocateDirect(headDim * columns * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (long row = firstRow; values.hasRemaining(); ) {
            stored.read(row - row % headDim, head.clear());
            for (int within = (int) (row % headDim); within < headDim && values.hasRemaining(); within++, row++) {
                int half = within / (headDim / 2);
                int pair = within % (headDim / 2);
                values.put(head.slice((2 * pair + half) * columns, columns));
            }
        }
    }
}
