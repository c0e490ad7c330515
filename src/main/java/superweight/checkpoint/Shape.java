package superweight.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The dimensions of a tensor, outermost first: {@code [rows, columns]} for a weight matrix. */
public record Shape(List<Long> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
    }

    public static Shape of(long... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    public long elements() {
        return dimensions.stream().reduce(1L, Math::multiplyExact);
    }

    /** Rows of a matrix; a vector is one row. */
    public long rows() {
        return dimensions.size() < 2 ? 1 : dimensions.get(0);
    }

    /** Elements of one row, contiguous in memory. */
    public long rowElements() {
        return new Shape(dimensions.size() < 2 ? dimensions : dimensions.subList(1, dimensions.size())).elements();
    }

    @Override
    public String toString() {
        return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
