package superweight.quantize;

/**
 * What some weights lose by fake quantization, as sums, so that matrices can be put together.
 *
 * @param elements how many weights
 * @param bits what they would take as integers, steps and smallest elements of blocks included
 * @param squares of the original weights, summed
 * @param squaredErrors of what is written against the original, summed
 * @param squaredStorageErrors of what is written against the levels before they were rounded to the type of the file
 * @param largestError of any weight, in magnitude
 * @param clipped how many weights clipping changed
 */
public record QuantizationError(
        long elements,
        double bits,
        double squares,
        double squaredErrors,
        double squaredStorageErrors,
        double largestError,
        long clipped) {
    public static final QuantizationError NONE = new QuantizationError(0, 0, 0, 0, 0, 0, 0);

    /** Of these and other weights together. */
    public QuantizationError plus(QuantizationError other) {
        return new QuantizationError(
                elements + other.elements,
                bits + other.bits,
                squares + other.squares,
                squaredErrors + other.squaredErrors,
                squaredStorageErrors + other.squaredStorageErrors,
                Math.max(largestError, other.largestError),
                clipped + other.clipped);
    }

    public double bitsPerWeight() {
        return bits / elements;
    }

    /** The root of the mean squared error over that of the mean squared weight. */
    public double relativeRms() {
        return relative(squaredErrors);
    }

    /** The same of rounding the levels to the type of the file alone. */
    public double relativeStorageRms() {
        return relative(squaredStorageErrors);
    }

    public double clippedShare() {
        return (double) clipped / elements;
    }

    /** Weights that are all zero lose nothing. */
    private double relative(double squared) {
        return squared == 0 ? 0 : Math.sqrt(squared / squares);
    }
}
