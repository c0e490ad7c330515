package superweight.find;

import java.util.Collection;
import superweight.model.Coordinate;

/**
 * The weight whose product with its activation is the largest part of a spike in down_proj's output.
 *
 * <p>Row and token are the spike's. The paper reads the column off the input's spike, which is the same
 * where one product stands out; where none does, or the one that did has been pruned, the largest of
 * the products that are left decides.
 *
 * @param at its place
 * @param weight W_jk
 * @param input X_ik
 * @param spike Y_ij
 * @param streamBefore the residual stream that Y_ij is added to
 */
record Candidate(Coordinate at, float weight, float input, Spike spike, float streamBefore) {
    /**
     * The weight behind a spike.
     *
     * @param output what a run showed of one channel of the layer's down_proj
     * @param pruned weights that were zero in that run
     */
    static Candidate of(DownProj layer, Observation.OutputSpike output, Collection<Coordinate> pruned) {
        int row = output.spike().channel();
        float[] weights = layer.row(row).clone();
        pruned.stream()
                .filter(at -> at.layer() == layer.index() && at.row() == row)
                .forEach(at -> weights[at.column()] = 0);
        float[] input = output.input();
        int largest = 0;
        for (int column = 1; column < weights.length; column++) {
            boolean larger = Math.abs(input[column] * weights[column]) > Math.abs(input[largest] * weights[largest]);
            largest = larger ? column : largest;
        }
        return at(layer, output, largest);
    }

    /** One weight of a spike's row, whether or not it is what makes the spike. */
    static Candidate at(DownProj layer, Observation.OutputSpike output, int column) {
        int row = output.spike().channel();
        return new Candidate(
                new Coordinate(layer.index(), row, column),
                layer.row(row)[column],
                output.input()[column],
                output.spike(),
                output.streamBefore());
    }

    /** X_ik W_jk. */
    double product() {
        return (double) input * weight;
    }

    /** The share of the spike that the product makes: Y_ij is about X_ik W_jk where this is near 1. */
    double share() {
        return product() / spike.value();
    }

    /** Whether the spike takes away from what is in the residual stream. */
    boolean erases() {
        return Math.signum(spike.value()) == -Math.signum(streamBefore);
    }
}
