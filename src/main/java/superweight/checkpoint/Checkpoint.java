package superweight.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
     * Decodes one tensor to float32.
     *
     * @param name a key of {@link #tensors()}
     * @return its float32 values in a fresh direct buffer in native byte order, row-major
     */
    ByteBuffer read(String name);
}
