package superweight.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
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
public interface Checkpoint {
    /** The file or folder it was read from. */
    Path path();

    ModelConfig config();

    TokenizerSource tokenizer();

    /** Sentences for the user about what is odd in the file but does no harm. */
    List<String> warnings();

    /** The shape of every tensor by its Hugging Face name, outermost dimension first. */
    Map<String, Shape> tensors();

    /**
     * The shape of one tensor.
     *
     * @throws InvalidInputException if there is no tensor of that name
     */
    default Shape shape(String name) {
        Shape shape = tensors().get(name);
        if (shape == null) {
            throw Refusal.of(path(), "tensor " + name, "one of the model's weights", "not among them");
        }
        return shape;
    }

    /**
     * How the file stores the numbers of one tensor.
     *
     * @throws InvalidInputException if there is no tensor of that name
     */
    TensorType type(String name);

    /**
     * Decodes rows of a tensor to float32.
     *
     * @param name a key of {@link #tensors()}
     * @param firstRow counted from 0; see {@link Shape#rows()}
     * @param values is filled with whole rows, row-major, from its position to its limit
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    void read(String name, long firstRow, FloatBuffer values);

    /**
     * Decodes some rows of a tensor to float32.
     *
     * @param name a key of {@link #tensors()}
     * @param rows counted from 0, in any order
     * @param values is filled with these rows, row-major, from its position to its limit
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    void read(String name, int[] rows, FloatBuffer values);

    /**
     * Copies rows of a tensor without decoding them.
     *
     * @param name a key of {@link #tensors()}
     * @param firstRow counted from 0; see {@link Shape#rows()}
     * @param bytes is filled with whole rows of {@link #type}, little-endian, row-major, from its position to its limit
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    void readStored(String name, long firstRow, ByteBuffer bytes);

    /**
     * What lies beside the weights in a Hugging Face folder of this model: config, tokenizer and so on.
     *
     * @param type what the config is to say that the weights are
     * @return contents by the names of the files
     */
    Map<String, byte[]> companions(FloatType type);

    /**
     * Decodes one tensor of at most 2^29 - 1 elements to float32.
     *
     * @param name a key of {@link #tensors()}
     * @return its float32 values in a fresh direct buffer in native byte order, row-major
     * @throws InvalidInputException if there is no such tensor, or its file has changed
     */
    default ByteBuffer read(String name) {
        ByteBuffer values = ByteBuffer.allocateDirect(Math.toIntExact(shape(name).elements() * Float.BYTES))
                .order(ByteOrder.nativeOrder());
        read(name, 0, values.asFloatBuffer());
        return values;
    }
}
