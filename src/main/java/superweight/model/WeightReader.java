package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.TensorType;

/**
 * The one place where file data becomes an array, as float32 or float16: the engine ends the whole JVM when it is
 * asked for bfloat16, so the checkpoint decodes that in Java.
 *
 * <p>Tensors are read straight into memory of the engine's own. An array over a buffer of Java's would keep the memory
 * until Java happens to collect the buffer, and lose it while other arrays still share it.
 */
public final class WeightReader {
    /** 1 GiB as float32; a tensor may be larger than the 2 GiB that a buffer can span. */
    private static final long MOST_ELEMENTS = 1L << 28;

    private final Checkpoint checkpoint;
    private final Arrays arrays;
    private final long mostElements;

    /**
     * @param checkpoint where the numbers come from
     * @param arrays where they go
     * @param mostElements a larger tensor is read in pieces of whole rows that are no larger than this
     */
    WeightReader(Checkpoint checkpoint, Arrays arrays, long mostElements) {
        this.checkpoint = checkpoint;
        this.arrays = arrays;
        this.mostElements = mostElements;
    }

    /** A reader whose arrays belong to {@code manager}. */
    public static WeightReader of(Checkpoint checkpoint, NDManager manager) {
        return into(checkpoint, manager::create);
    }

    /** A reader that fills the arrays it is given. */
    static WeightReader into(Checkpoint checkpoint, Arrays arrays) {
        return new WeightReader(checkpoint, arrays, MOST_ELEMENTS);
    }

    /** Gives arrays to be filled. */
    @FunctionalInterface
    interface Arrays {
        NDArray array(Shape shape, DataType type);
    }

    /** One tensor by its Hugging Face name, in its whole shape, in float32. */
    public NDArray tensor(String name) {
        return checkpoint.type(name) == TensorType.F32
                ? copied(name, DataType.FLOAT32)
                : filled(name, DataType.FLOAT32, (firstRow, memory) ->
                        checkpoint.read(name, firstRow, memory.asFloatBuffer()));
    }

    /** One tensor as {@link Kernels#forStoredWeights} take it: in float16 where the file has that, else in float32. */
    NDArray stored(String name) {
        return checkpoint.type(name) == TensorType.F16 ? copied(name, DataType.FLOAT16) : tensor(name);
    }

    /** Some rows of a matrix in float32: {@code [ids, columns]}. */
    NDArray rows(String name, int[] ids) {
        NDArray rows = arrays.array(
                new Shape(ids.length, checkpoint.shape(name).rowElements()), DataType.FLOAT32);
        try {
            checkpoint.read(name, ids, memory(rows).asFloatBuffer());
            return rows;
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }

    /** A matrix as {@link Kernels#linear} takes it. */
    NDArray packed(String name, Kernels kernels) {
        try (NDArray weight = tensor(name)) {
            return kernels.pack(weight);
        }
    }

    /** Fills the memory of consecutive rows. */
    private interface Rows {
        void read(long firstRow, ByteBuffer memory);
    }

    /** A tensor whose numbers lie in the file as the engine has them. */
    private NDArray copied(String name, DataType type) {
        return filled(name, type, (firstRow, memory) -> checkpoint.readStored(name, firstRow, memory));
    }

    private NDArray filled(String name, DataType type, Rows source) {
        superweight.checkpoint.Shape stored = checkpoint.shape(name);
        long rows = stored.rows();
        long rowElements = stored.rowElements();
        long rowsPerPiece = Math.max(1, mostElements / rowElements);
        long[] dimensions = stored.dimensions().stream().mapToLong(Long::longValue).toArray();
        NDArray whole = arrays.array(new Shape(dimensions), type);
        try (NDArray table = whole.reshape(rows, rowElements)) { // a view of it
            for (long first = 0; first < rows; first += rowsPerPiece) {
                long end = Math.min(first + rowsPerPiece, rows);
                try (NDArray piece = table.get(new NDIndex("{}:{}", first, end))) { // a view again
                    source.read(first, memory(piece));
                }
            }
            return whole;
        } catch (RuntimeException | Error e) {
            whole.close(); // what cannot be filled is not kept
            throw e;
        }
    }

    /** The memory of an array, to be used no longer than that lives. */
    private static ByteBuffer memory(NDArray array) {
        return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }
}
