package superweight.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import superweight.InvalidInputException;

/**
 * A safetensors file: a table of tensors in JSON, then their data without gaps.
 *
 * <p>Format: {@code README.md} of huggingface/safetensors. Stricter than the reference reader in places: a tensor
 * named twice, a field of a tensor that the format does not define, and names that are empty or hold control
 * characters are refused.
 *
 * @param path the file
 * @param tensors by name, in the order of their data
 */
record SafetensorsFile(Path path, Map<String, StoredTensor> tensors) {
    private static final int LENGTH_BYTES = Long.BYTES;
    /** The largest published headers take a few megabytes; the reference reader accepts 100. */
    private static final int LONGEST_HEADER = 25 << 20;

    /**
     * Opens a file and checks its whole header, before anything is allocated for what it declares.
     *
     * @throws InvalidInputException if it is not readable or breaks the format anywhere
     */
    static SafetensorsFile open(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            if (size < LENGTH_BYTES) {
                throw Refusal.of(path, "the file", "at least " + LENGTH_BYTES + " bytes long, for its header's length",
                        size + " bytes long");
            }
            long length = ByteBuffer.wrap(bytes(path, channel, 0, LENGTH_BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            long most = Math.min(LONGEST_HEADER, size - LENGTH_BYTES);
            if (length < 2 || length > most) {
                throw Refusal.of(path, "the length of the header", "from 2 to " + most + ", which is all that "
                                + (most == LONGEST_HEADER ? "is accepted" : "the rest of the file has room for"),
                        Long.toUnsignedString(length));
            }
            long dataStart = LENGTH_BYTES + length;
            List<SafetensorsHeader.Entry> entries = SafetensorsHeader.read(
                    path, bytes(path, channel, LENGTH_BYTES, (int) length));
            return new SafetensorsFile(path, place(path, entries, dataStart, size));
        } catch (IOException e) {
            throw Refusal.unreadable(path, e);
        }
    }

    /** Checks that the data of all tensors fill the rest of the file, each byte belonging to one tensor. */
    private static Map<String, StoredTensor> place(
            Path path, List<SafetensorsHeader.Entry> entries, long dataStart, long size) {
        List<SafetensorsHeader.Entry> inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingLong(SafetensorsHeader.Entry::begin)
                .thenComparingLong(SafetensorsHeader.Entry::end));
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        long available = size - dataStart;
        long next = 0;
        for (SafetensorsHeader.Entry entry : inOrder) {
            if (entry.begin() != next) {
                throw Refusal.of(path, "the beginning of tensor " + entry.name(),
                        next + ", where the data before it ends", String.valueOf(entry.begin()));
            }
            if (entry.end() > available) {
                throw Refusal.of(path, "the end of tensor " + entry.name(),
                        "at most " + available + ", the length of the data", String.valueOf(entry.end()));
            }
            next = entry.end();
            tensors.put(entry.name(), new StoredTensor(
                    path, size, entry.name(), entry.type(), entry.shape(), dataStart + entry.begin(),
                    RowOrder.AS_STORED));
        }
        if (next != available) {
            throw Refusal.of(path, "the length of the data", next + ", where the last tensor ends",
                    String.valueOf(available));
        }
        return tensors;
    }

    private static byte[] bytes(Path path, FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new InvalidInputException(path + " became shorter while it was being read.");
            }
        }
        return bytes.array();
    }
}
