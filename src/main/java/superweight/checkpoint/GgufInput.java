package superweight.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import superweight.InvalidInputException;

/**
 * The head of a GGUF file as a sequence of little-endian values, read through a small buffer.
 *
 * <p>Every read is checked against the bytes that remain before anything is allocated for it, so
 * that a length in the file cannot ask for more memory than the file is long.
 */
final class GgufInput {
    /** Real tokens, merges and chat templates stay far below this. */
    private static final int LONGEST_STRING = 16 << 20;
    /** Header, metadata and tensor table together; the largest vocabularies take about 20 MiB. */
    private static final long LONGEST_HEAD = 256L << 20;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    /** How far the channel has been read; asking it would be a call of the system for every string. */
    private long read;

    GgufInput(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
        this.buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    long size() {
        return size;
    }

    long position() {
        return read - buffer.remaining();
    }

    long remaining() {
        return size - position();
    }

    int readByte(String what) throws IOException {
        require(1, () -> what);
        return buffer.get();
    }

    short readShort(String what) throws IOException {
        require(2, () -> what);
        return buffer.getShort();
    }

    int readInt(String what) throws IOException {
        require(4, () -> what);
        return buffer.getInt();
    }

    long readUnsignedInt(String what) throws IOException {
        return Integer.toUnsignedLong(readInt(what));
    }

    long readLong(String what) throws IOException {
        require(8, () -> what);
        return buffer.getLong();
    }

    /** A 64-bit count of things that take at least {@code leastBytes} each in the rest of the file. */
    int readCount(String what, int leastBytes, int most) throws IOException {
        return readCount(() -> "the " + what, leastBytes, most);
    }

    private int readCount(Supplier<String> what, int leastBytes, int most) throws IOException {
        require(8, what);
        long count = buffer.getLong();
        long room = Math.min(most, remaining() / leastBytes);
        if (count < 0 || count > room) {
            throw refuse(what.get(), "at most " + room + ", which is all that " + reason(room, most),
                    Long.toUnsignedString(count));
        }
        return (int) count;
    }

    String readString(String what) throws IOException {
        return readString(what, LONGEST_STRING);
    }

    String readString(String what, int most) throws IOException {
        byte[] bytes = new byte[readCount(() -> "the length in bytes of " + what, 1, most)];
        for (int done = 0; done < bytes.length; ) {
            require(1, () -> what);
            int step = Math.min(buffer.remaining(), bytes.length - done);
            buffer.get(bytes, done, step);
            done += step;
        }
        try {
            return utf8.decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw refuse(what, "UTF-8", "a sequence of bytes that is not");
        }
    }

    InvalidInputException refuse(String what, String expected, String found) {
        return Refusal.of(path, what, expected, found);
    }

    private static String reason(long room, int most) {
        return room == most ? "is accepted" : "the rest of the file has room for";
    }

    /** Names of what is read are made where they are needed: a vocabulary is a hundred thousand strings. */
    private void require(int bytes, Supplier<String> what) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        long position = position();
        if (size - position < bytes) {
            throw new InvalidInputException(String.format(Locale.ROOT,
                    "%s is cut short: %s at byte %d should take %d bytes, but the file ends after %d.",
                    path, what.get(), position, bytes, size - position));
        }
        if (position > LONGEST_HEAD) {
            throw refuse("the head of the file before the tensor data", "at most " + LONGEST_HEAD + " bytes long",
                    "longer");
        }
        buffer.compact();
        // Go on until the value is whole; a channel may deliver less than was asked for.
        for (int count = 0; buffer.position() < bytes && count >= 0; read += Math.max(0, count)) {
            count = channel.read(buffer);
        }
        buffer.flip();
        if (buffer.remaining() < bytes) {
            throw new InvalidInputException(path + " became shorter while it was being read.");
        }
    }
}
