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

/**
 * A model as it lies on disk: its config, its tokenizer and its tensors, read one at a time.
 *
 * <p>Tensors carry Hugging Face's names and layout whatever the file format calls them:
 * {@code model.layers.11.mlp.down_proj.weight} has shape {@code [out, in]}, row = output channel,
 * column = input channel.
 */
public final class Checkpoint {
    private final Path path;
    private final ModelConfig config;
    private final TokenizerSource tokenizer;
    private final Map<String, StoredTensor> weights;
    private final Map<String, Shape> shapes;
    private final List<String> warnings;

    /**
     * @param weights by their Hugging Face names, in their layout, in the order in which a forward pass meets them
     */
    Checkpoint(
            Path path,
            ModelConfig config,
            TokenizerSource tokenizer,
            Map<String, StoredTensor> weights,
            List<String> warnings) {
        this.path = path;
        this.config = config;
        this.tokenizer = tokenizer;
        this.weights = new LinkedHashMap<>(weights);
        Map<String, Shape> byName = new LinkedHashMap<>();
        weights.forEach((name, weight) -> byName.put(name, weight.shape()));
        this.shapes = Collections.unmodifiableMap(byName);
        this.warnings = List.copyOf(warnings);
    }

    /** The file or folder it was read from. */
    public Path path() {
        return path;
    }

    public ModelConfig config() {
        return config;
    }

    public TokenizerSource tokenizer() {
        return tokenizer;
    }

    /** Sentences for the user about what is odd in the file but does no harm. */
    public List<String> warnings() {
        return warnings;
    }

    /** The shape of every tensor by its Hugging Face name, outermost dimension first. */
    public Map<String, Shape> tensors() {
        return shapes;
    }

    /**
     * The shape of one tensor.
     *
     * @throws InvalidInputException if there is no tensor of that name
     */
    public Shape shape(String name) {
        return weight(name).shape();
    }

    /**
     * How the file stores the numbers of one tensor.
     *
     * @throws InvalidInputException if there is no tensor of that name
     */
    public TensorType type(String name) {
        return weight(name).type();
    }

    /**
     * Decodes rows of a tensor to float32.
     *
     * @param name a key of {@link #tensors()}
     * @param firstRow counted from 0; see {@link Shape#rows()}
     * @param values is filled with whole rows, row-major, from its position to its limit
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    public void read(String name, long firstRow, FloatBuffer values) {
        weight(name).read(firstRow, values);
    }

    /**
     * Decodes some rows of a tensor to float32.
     *
     * @param name a key of {@link #tensors()}
     * @param rows counted from 0, in any order
     * @param values is filled with these rows, row-major, from its position to its limit
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    public void read(String name, int[] rows, FloatBuffer values) {
        weight(name).read(rows, values);
    }

    /**
     * Copies rows of a tensor without decoding them.
     *
     * @param name a key of {@link #tensors()}
     * @param firstRow counted from 0; see {@link Shape#rows()}
     * @param bytes is filled with whole rows of {@link #type}, little-endian, row-major, from its position to its limit
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    public void readStored(String name, long firstRow, ByteBuffer bytes) {
        weight(name).readStored(firstRow, bytes);
    }

    /**
     * Decodes one tensor of at most 2^29 - 1 elements to float32.
     *
     * @param name a key of {@link #tensors()}
     * @return its float32 values in a fresh direct buffer in native byte order, row-major
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    public ByteBuffer read(String name) {
        ByteBuffer values = ByteBuffer.allocateDirect(Math.toIntExact(shape(name).elements() * Float.BYTES))
                .order(ByteOrder.nativeOrder());
        read(name, 0, values.asFloatBuffer());
        return values;
    }

    private StoredTensor weight(String name) {
        StoredTensor weight = weights.get(name);
        if (weight == null) {
            throw Refusal.of(path, "tensor " + name, "one of the model's weights", "not among them");
        }
        return weight;
    }
}
