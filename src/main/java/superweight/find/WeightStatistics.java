package superweight.find;

/**
 * How large a weight is among others.
 *
 * @param rankInMatrix 1 for the largest magnitude of the matrix
 * @param rankInRow 1 for the largest magnitude of the row
 * @param zScoreInRow standard deviations above the row's mean, with the sign that gives (unbiased
 *     standard deviation), as the Qwen3 blog computes it
 */
public record WeightStatistics(int rankInMatrix, int rankInRow, double zScoreInRow) {

    /**
     * @param matrix {@code [rows, columns]}, row-major
     * @param columns of the matrix
     */
    static WeightStatistics of(float[] matrix, int columns, int row, int column) {
        float weight = matrix[row * columns + column];
        int from = row * columns;
        return new WeightStatistics(
                1 + larger(matrix, 0, matrix.length, weight),
                1 + larger(matrix, from, from + columns, weight),
                zScore(matrix, from, columns, weight));
    }

    private static int larger(float[] values, int from, int to, float weight) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += Math.abs(values[i]) > Math.abs(weight) ? 1 : 0;
        }
        return count;
    }

    private static double zScore(float[] values, int from, int count, float weight) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += values[i];
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = from; i < from + count; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return (weight - mean) / Math.sqrt(squares / (count - 1));
    }
}
