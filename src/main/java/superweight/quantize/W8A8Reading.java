package superweight.quantize;

import java.util.List;
import java.util.stream.Stream;
import superweight.checkpoint.ModelConfig;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.MapInput;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/**
 * One reading of what the paper leaves open where it holds out the super activation (section 4.1): where it is held
 * out, what stands in for it, what is quantized at all and how. Each has its own naive way, for what changes that too
 * says nothing about holding out by itself.
 *
 * @param name what tables call it
 * @param naive the model quantized under this reading, nothing held out
 * @param heldOut the same with super activations held out
 */
public record W8A8Reading(String name, List<Intervention> naive, List<Intervention> heldOut) {
    /** Those that an RMSNorm of the residual stream is the input of, which is where the super activation stays. */
    private static final LinearLayer[] READ_THE_STREAM = {
        LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ, LinearLayer.GATE_PROJ, LinearLayer.UP_PROJ
    };

    public W8A8Reading {
        naive = List.copyOf(naive);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * This project's reading, then one change to it at a time.
     *
     * @param superWeights of the model, strongest first
     * @param blocks which activations share a step
     */
    public static List<W8A8Reading> all(ModelConfig config, List<Coordinate> superWeights, Blocks blocks) {
        TensorMap each = W8A8.symmetric(blocks);
        TensorMap ours = heldOut(new Outlier.Largest(), StandIn.MEDIAN_OF_TOKEN, each);
        W8A8 naive = W8A8.naive(config, each);
        W8A8 main = naive.withInputs(ours);
        W8A8 withO = naive.withInputs(each, LinearLayer.O_PROJ);
        TensorMap asymmetric = W8A8.asymmetric(blocks);
        W8A8 naiveAsymmetric = W8A8.naive(config, asymmetric);
        return List.of(
                of("the largest of every input", naive, main),
                of("the median is the tensor's", naive, naive.withInputs(
                        heldOut(new Outlier.Largest(), StandIn.MEDIAN_OF_TENSOR, each))),
                of("in down_proj's inputs only", naive, naive.withInputs(ours, LinearLayer.DOWN_PROJ)),
                new W8A8Reading("where a super weight is", naive.interventions(),
                        whereASuperWeightIs(naive.interventions(), superWeights)),
                of("in the channel that it writes", naive, naive.withInputs(
                        heldOut(new Outlier.LargestOfChannel(superWeights.get(0).row()), StandIn.MEDIAN_OF_TOKEN, each),
                        READ_THE_STREAM)),
                of("in what attention multiplies too", naive, main.withProducts(ours)),
                of("what attention multiplies in float", naive.withoutProducts(), main.withoutProducts()),
                of("o_proj's inputs quantized too", withO, withO.withInputs(ours)),
                of("asymmetric activations", naiveAsymmetric, naiveAsymmetric.withInputs(
                        heldOut(new Outlier.Largest(), StandIn.MEDIAN_OF_TOKEN, asymmetric))));
    }

    /** The models of some readings, each once: many share their naive way. */
    public static List<List<Intervention>> models(List<W8A8Reading> readings) {
        return readings.stream().flatMap(reading -> Stream.of(reading.naive, reading.heldOut)).distinct().toList();
    }

    /** The same under another name. */
    public W8A8Reading named(String other) {
        return new W8A8Reading(other, naive, heldOut);
    }

    private static W8A8Reading of(String name, W8A8 naive, W8A8 heldOut) {
        return new W8A8Reading(name, naive.interventions(), heldOut.interventions());
    }

    private static TensorMap heldOut(Outlier outlier, StandIn standIn, TensorMap quantizer) {
        return new ReplaceAndRestore(outlier, standIn, quantizer);
    }

    /** In the inputs of down_proj, the activations that super weights multiply: one a channel. */
    private static List<Intervention> whereASuperWeightIs(List<Intervention> naive, List<Coordinate> superWeights) {
        return naive.stream()
                .map(change -> change instanceof MapInput in && in.matrix() == LinearLayer.DOWN_PROJ
                        ? new MapInput(in.layer(), in.matrix(), heldOut(in, superWeights))
                        : change)
                .toList();
    }

    private static TensorMap heldOut(MapInput input, List<Coordinate> superWeights) {
        TensorMap map = input.map();
        for (int column : superWeights.stream()
                .filter(weight -> weight.layer() == input.layer())
                .mapToInt(Coordinate::column)
                .distinct()
                .toArray()) {
            map = heldOut(new Outlier.LargestOfChannel(column), StandIn.MEDIAN_OF_TOKEN, map);
        }
        return map;
    }
}
