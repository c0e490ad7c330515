package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.function.UnaryOperator;
import superweight.InvalidInputException;
import superweight.model.Intervention.Cell;

/**
 * How a matrix is cut into blocks, each of which has one step between its levels.
 *
 * <p>The paper's text speaks of square blocks, its code takes runs of consecutive weights. A part that does not fill a
 * block is a block of its own, except in {@link RunsOrWhole}.
 */
public sealed interface Blocks {
    /**
     * Puts a function of blocks together to a function of the matrix.
     *
     * @param tensor {@code [rows, columns]}, not changed
     * @param function from {@code [blocks, elements]}, a block a row, to the same; called once for the blocks of each
     *     size
     * @return {@code [rows, columns]}
     */
    NDArray map(NDArray tensor, UnaryOperator<NDArray> function);

    /**
     * Which elements share a block with some of them, {@code [rows, columns]} of truth values.
     *
     * @param tensor {@code [rows, columns]}, of which the shape counts
     */
    default NDArray holding(List<Cell> cells, NDArray tensor) {
        NDArray marks = tensor.zerosLike();
        cells.forEach(cell -> marks.set(new NDIndex("{}, {}", cell.row(), cell.column()), 1));
        return map(marks, block -> block.zerosLike().add(block.max(new int[] {1}, true))).gt(0);
    }

    /** How many blocks a matrix is cut into. */
    long count(long rows, long columns);

    /** Runs of consecutive elements in row-major order. */
    record Runs(int length) implements Blocks {
        public Runs {
            requirePositive(length);
        }

        @Override
        public NDArray map(NDArray tensor, UnaryOperator<NDArray> function) {
            return alongAxis(0, tensor.flatten(), length, run -> function
                            .apply(run.reshape(-1, Math.min(length, run.size())))
                            .flatten())
                    .reshape(tensor.getShape());
        }

        @Override
        public long count(long rows, long columns) {
            return ceilDiv(rows * columns, length);
        }
    }

    /** The same, but where the last run is not filled the whole matrix is one block (the paper's code). */
    record RunsOrWhole(int length) implements Blocks {
        public RunsOrWhole {
            requirePositive(length);
        }

        @Override
        public NDArray map(NDArray tensor, UnaryOperator<NDArray> function) {
            return chosen(tensor.size()).map(tensor, function);
        }

        @Override
        public long count(long rows, long columns) {
            return chosen(rows * columns).count(rows, columns);
        }

        private Blocks chosen(long elements) {
            return elements % length == 0 ? new Runs(length) : new Whole();
        }
    }

    /** Squares of {@code side} times {@code side} elements (the paper's text). */
    record Tiles(int side) implements Blocks {
        public Tiles {
            requirePositive(side);
        }

        @Override
        public NDArray map(NDArray tensor, UnaryOperator<NDArray> function) {
            return alongAxis(0, tensor, side, rows -> alongAxis(1, rows, side, part -> tiles(part, function)));
        }

        private NDArray tiles(NDArray part, UnaryOperator<NDArray> function) {
            long height = Math.min(side, part.getShape().get(0));
            long width = Math.min(side, part.getShape().get(1));
            long down = part.getShape().get(0) / height;
            long across = part.getShape().get(1) / width;
            NDArray blocks = part.reshape(down, height, across, width)
                    .transpose(0, 2, 1, 3)
                    .reshape(down * across, height * width);
            return function.apply(blocks)
                    .reshape(down, across, height, width)
                    .transpose(0, 2, 1, 3)
                    .reshape(part.getShape());
        }

        @Override
        public long count(long rows, long columns) {
            return ceilDiv(rows, side) * ceilDiv(columns, side);
        }
    }

    /** Each row: an output channel of a weight, a token of activations. */
    record Rows() implements Blocks {
        @Override
        public NDArray map(NDArray tensor, UnaryOperator<NDArray> function) {
            return function.apply(tensor);
        }

        @Override
        public long count(long rows, long columns) {
            return rows;
        }
    }

    /** The whole matrix. */
    record Whole() implements Blocks {
        @Override
        public NDArray map(NDArray tensor, UnaryOperator<NDArray> function) {
            return function.apply(tensor.reshape(1, -1)).reshape(tensor.getShape());
        }

        @Override
        public long count(long rows, long columns) {
            return 1;
        }
    }

    /** Applies a function to what is left of an axis in whole lengths, and to the rest by itself. */
    private static NDArray alongAxis(int axis, NDArray tensor, int length, UnaryOperator<NDArray> function) {
        long size = tensor.getShape().get(axis);
        long whole = size - size % length;
        if (whole == 0 || whole == size) {
            return function.apply(tensor);
        }
        String rowsOrColumns = axis == 0 ? "" : ":, ";
        NDArray filled = tensor.get(new NDIndex(rowsOrColumns + "{}:{}", 0, whole));
        NDArray rest = tensor.get(new NDIndex(rowsOrColumns + "{}:{}", whole, size));
        return NDArrays.concat(new NDList(function.apply(filled), function.apply(rest)), axis);
    }

    private static long ceilDiv(long size, long length) {
        return (size + length - 1) / length;
    }

    private static void requirePositive(int size) {
        if (size < 1) {
            throw new InvalidInputException("A block must have at least 1 weight, but it has " + size + ".");
        }
    }
}
