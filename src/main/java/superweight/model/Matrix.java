package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.MapWeights;
import superweight.model.Intervention.ScaleWeights;

/**
 * One weight matrix as some runs multiply by it: held once for all of them, with a few rows of their own.
 *
 * <p>Each row makes one output channel, so changed weights cost the product of their rows only, and the matrix
 * itself is never copied for them.
 *
 * @param held what {@link Kernels#linear} multiplies by, {@code [out, in]}
 * @param rows the rows that stand in for held ones, by their index, {@code [in]} each
 * @param replacements the same, packed, {@code [rows, in]}; empty where there are none
 */
record Matrix(NDArray held, Kernels kernels, SortedMap<Integer, float[]> rows, List<NDArray> replacements) {
    static Matrix of(NDArray held, Kernels kernels) {
        return new Matrix(held, kernels, Collections.emptySortedMap(), List.of());
    }

    /** {@code x W^T}: {@code [T, in]} to {@code [T, out]}, in the manager of {@code x}. */
    NDArray times(NDArray x) {
        NDArray product = kernels.linear(x, held);
        for (NDArray replacement : replacements) {
            NDArray channels = kernels.linear(x, replacement); // [T, rows]
            int column = 0;
            for (int row : rows.keySet()) {
                product.set(channel(row), channels.get(channel(column++)));
            }
        }
        return product;
    }

    private static NDIndex channel(int index) {
        return new NDIndex(":, {}:{}", index, index + 1);
    }

    /** A copy of all weights outside the heap, which may be too small for it: {@code [out, in]}, in {@code scope}. */
    NDArray plain(NDManager scope) {
        NDArray plain = kernels.unpack(held);
        plain.attach(scope);
        rows.forEach((row, replaced) -> {
            try (NDArray values = scope.create(replaced, new Shape(1, replaced.length))) {
                plain.set(new NDIndex("{}:{}", row, row + 1), values);
            }
        });
        return plain;
    }

    /** All weights, row-major {@code [out, in]}. */
    float[] values() {
        try (NDManager scope = held.getManager().newSubManager()) {
            return plain(scope).toFloatArray();
        }
    }

    /** One row, what makes one output channel: {@code [in]}. */
    float[] row(int row) {
        if (rows.containsKey(row)) {
            return rows.get(row).clone();
        }
        try (NDArray values = kernels.unpackRow(held, row)) {
            return values.toFloatArray();
        }
    }

    /** Some rows, to be changed, and those that stand in for held ones already. */
    private SortedMap<Integer, float[]> rows(SortedSet<Integer> wanted) {
        SortedMap<Integer, float[]> found = new TreeMap<>();
        rows.forEach((row, values) -> found.put(row, values.clone()));
        if (wanted.size() <= 1) {
            wanted.forEach(row -> found.computeIfAbsent(row, this::row));
            return found;
        }
        try (NDArray plain = kernels.unpack(held)) { // once for all of them
            for (int row : wanted) {
                found.computeIfAbsent(row, each -> {
                    try (NDArray values = plain.get(each)) {
                        return values.toFloatArray();
                    }
                });
            }
        }
        return found;
    }

    /** The matrix with some weights multiplied; its own arrays in {@code scope}. */
    Matrix scaled(ScaleWeights scaling, NDManager scope) {
        SortedMap<Integer, float[]> scaled = rows(
                scaling.cells().stream().map(Cell::row).collect(Collectors.toCollection(TreeSet::new)));
        scaling.cells().forEach(cell -> scaled.get(cell.row())[cell.column()] *= scaling.factor());
        return withRows(scaled, scope);
    }

    private Matrix withRows(SortedMap<Integer, float[]> changed, NDManager scope) {
        if (changed.isEmpty()) { // of no weights; a matrix of no rows cannot be packed
            return of(held, kernels);
        }
        int columns = columns();
        float[] values = new float[changed.size() * columns];
        int next = 0;
        for (float[] row : changed.values()) {
            System.arraycopy(row, 0, values, next, columns);
            next += columns;
        }
        return new Matrix(
                held, kernels, changed, List.of(packed(values, new Shape(changed.size(), columns), scope)));
    }

    /** A function of the matrix in its place, in {@code scope}. */
    Matrix mapped(MapWeights mapping, NDManager scope) {
        try (NDManager temporary = scope.newSubManager();
                NDArray plain = plain(temporary)) {
            NDArray packed = kernels.pack(mapping.map().apply(plain));
            packed.attach(scope);
            return of(packed, kernels);
        }
    }

    private NDArray packed(float[] values, Shape shape, NDManager scope) {
        try (NDArray plain = scope.create(values, shape)) {
            return kernels.pack(plain);
        }
    }

    private int columns() {
        return Math.toIntExact(held.getShape().get(1));
    }
}
