package superweight.find;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint.Site;
import superweight.model.LinearLayer;

/**
 * The weight whose product with its activation is the largest part of a spike in down_proj's output.
 *
 * <p>Row and token are the spike's. The paper reads the column off the input's spike, which is the same
 * where one product stands out; where none does, or the one that did has been removed, the largest of
 * the products that are left decides.
 *
 * @param at its place
 * @param weight W_jk
 * @param input X_ik
 * @param spike Y_ij
 * @param streamBefore the residual stream that Y_ij is added to
 */
record Candidate(Coordinate at, float weight, float input, Spike spike, float streamBefore) {
    private static final Set<Site> READ = EnumSet.of(Site.MLP_POST, Site.MLP_OUT, Site.RESID_POST);

    /**
     * @param output what a forward pass showed of one channel of a layer's down_proj
     * @param removed weights that were zero in that pass
     */
    static Candidate of(
            CausalLM model, int layer, Observation.OutputSpike output, Collection<Coordinate> removed) {
        int row = output.spike().channel();
        float[] weights = model.weightRow(layer, LinearLayer.DOWN_PROJ, row);
        removed.stream()
                .filter(at -> at.layer() == layer && at.row() == row)
                .forEach(at -> weights[at.column()] = 0);
        float[] input = output.input();
        int largest = 0;
        for (int column = 1; column < weights.length; column++) {
            boolean larger = Math.abs(input[column] * weights[column]) > Math.abs(input[largest] * weights[largest]);
            largest = larger ? column : largest;
        }
        return new Candidate(
                new Coordinate(layer, row, largest),
                weights[largest],
                input[largest],
                output.spike(),
                output.streamBefore());
    }

    /** One place in the original model, whether or not its output channel spikes. */
    static Candidate at(CausalLM model, int[] ids, Coordinate at) {
        List<float[]> inputOutputAndStream = new ArrayList<>();
        model.read(ids, at.layer() + 1, List.of(), (sequence, point, activation) -> {
            if (point.layer() == at.layer() && READ.contains(point.site())) {
                inputOutputAndStream.add(activation.toFloatArray());
            }
        });
        float[] inputs = inputOutputAndStream.get(0); // [T, intermediate]
        float[] outputs = inputOutputAndStream.get(1); // [T, hidden]
        int intermediate = inputs.length / ids.length;
        int hidden = outputs.length / ids.length;
        float[] channel = new float[ids.length];
        for (int token = 0; token < ids.length; token++) {
            channel[token] = outputs[token * hidden + at.row()];
        }
        Spike largest = Spike.of(channel, 1);
        int token = largest.token();
        double timesMedian = Math.abs(largest.value()) / Spike.median(outputs);
        return new Candidate(
                at,
                model.weightRow(at.layer(), LinearLayer.DOWN_PROJ, at.row())[at.column()],
                inputs[token * intermediate + at.column()],
                new Spike(token, at.row(), largest.value(), timesMedian),
                inputOutputAndStream.get(2)[token * hidden + at.row()] - largest.value());
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
