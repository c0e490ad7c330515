package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import superweight.checkpoint.Checkpoint;

/**
 * The one place where file data becomes an array, always as float32: the engine ends the whole JVM when it is
 * asked for bfloat16, so the checkpoint decodes that in Java.
 *
 * <p>All tensors pass through one buffer into memory of the engine's own. An array over a buffer of its own would save
 * the copy, but keep the memory until Java happens to collect the buffer, and lose it while other arrays still share it.
 */
final class WeightReader {
    /** 64 MiB as float32; a tensor may be larger than the 2 GiB that a buffer can hold. */
    private static final long MOST_ELEMENTS = 1L << 24;

    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final long mostElements;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

    /**
     * @param checkpoint where the numbers come from
     * @param manager owns the arrays
     * @param mostElements a larger tensor is put together from pieces of whole rows that are no larger than this
     */
    WeightReader(Checkpoint checkpoint, NDManager manager, long mostElements) {
        this.checkpoint = checkpoint;
        this.manager = manager;
        this.mostElements = mostElements;
    }

    static WeightReader of(Checkpoint checkpoint, NDManager manager) {
        return new WeightReader(checkpoint, manager, MOST_ELEMENTS);
    }

    /** One tensor by its Hugging Face name, in its whole shape. */
    NDArray tensor(String name) {
        superweight.checkpoint.Shape stored = checkpoint.shape(name);
        long rows = stored.rows();
        long rowElements = stored.rowElements();
        long rowsPerPiece = Math.max(1, mostElements / rowElements);
        NDArray whole = manager.create(
                new Shape(stored.dimensions().stream().mapToLong(Long::longValue).toArray()), DataType.FLOAT32);
        try (NDArray table = whole.reshape(rows, rowElements)) { // a view of it
            for (long first = 0; first < rows; first += rowsPerPiece) {
                long count = Math.min(rowsPerPiece, rows - first);
                ByteBuffer values = buffer(Math.toIntExact(count * rowElements * Float.BYTES));
                checkpoint.read(name, first, values.asFloatBuffer());
                try (NDArray piece = manager.create(values, new Shape(count, rowElements), DataType.FLOAT32)) {
                    table.set(new NDIndex("{}:{}", first, first + count), piece);
                }
            }
        }
        return whole;
    }

    /** A matrix as {@link Kernels#linear} takes it. */
    NDArray packed(String name, Kernels kernels) {
        try (NDArray weight = tensor(name)) {
            return kernels.pack(weight);
        }
    }

    private ByteBuffer buffer(int bytes) {
        if (buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes);
        }
        return buffer.slice(0, bytes).order(ByteOrder.nativeOrder());
    }

    NDArray stored(String name) {
        return tensor(name);
    }

    NDArray rows(String name, int[] ids) {
        int width = Math.toIntExact(checkpoint.shape(name).rowElements());
        ByteBuffer values = ByteBuffer.allocateDirect(ids.length * width * 4).order(ByteOrder.nativeOrder());
        for (int i = 0; i < ids.length; i++) {
            checkpoint.read(name, ids[i], values.slice(i * width * 4, width * 4).order(ByteOrder.nativeOrder()).asFloatBuffer());
        }
        return manager.create(values, new Shape(ids.length, width), DataType.FLOAT32);
    }
}
