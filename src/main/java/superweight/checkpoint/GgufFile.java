package superweight.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import superweight.InvalidInputException;

/**
 * A GGUF file (version 2 or 3, little-endian): metadata and tensor table.
 *
 * <p>Knows the format only, not what the tensors mean. Opening reads and checks everything before
 * the tensor data.
 *
 * @param path the file
 * @param metadata the key-value pairs
 * @param tensors the tensor table in file order, by the file's own names
 * @param warnings sentences about what is odd but harmless, such as bytes after the last tensor
 */
record GgufFile(
        Path path, GgufMetadata metadata, Map<String, StoredTensor> tensors, List<String> warnings) {

    /**
     * Opens a GGUF file.
     *
     * @throws InvalidInputException if it is not readable or breaks the format anywhere
     */
    static GgufFile open(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            return new GgufHeadReader(path, new GgufInput(path, channel)).read();
        } catch (IOException e) {
            throw Refusal.unreadable(path, e);
        }
    }
}
