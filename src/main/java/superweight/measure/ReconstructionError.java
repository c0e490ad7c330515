package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.ForwardPass;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.Sequence;
import superweight.model.Walk;

/**
 * How far a function of the weights, such as a quantizer, moves them and what they give (paper section 4.2, which tunes
 * its z by a reconstruction error and does not say of what).
 *
 * <p>Both are means over all linear layers of a relative squared error: {@code |W - W'|^2 / |W|^2}, and
 * {@code |X W^T - X W'^T|^2 / |X W^T|^2} for the activations X that the original model multiplies W by.
 *
 * @param weights of the weights themselves
 * @param outputs of what the matrices give
 */
public record ReconstructionError(double weights, double outputs) {

    /** All that the errors depend on. */
    private record Step(CausalLM.Identity model, List<int[]> texts, List<Condition> conditions) {}

    /** A layer's matrix. */
    private record Place(int layer, LinearLayer matrix) {}

    /** Squared sums over weights, or over tokens and output channels, of one matrix under one condition. */
    private static final class Sums {
        private double weightError;
        private double weight;
        private double outputError;
        private double output;
    }

    /**
     * Measures several conditions on the same texts.
     *
     * @param texts token ids, whose activations the outputs are made of
     * @param conditions of {@link MapWeights}; other interventions play no part
     * @return one a condition
     */
    public static List<ReconstructionError> measureAll(
            CausalLM model, List<int[]> texts, List<Condition> conditions, Progress progress) {
        return progress.step(new Step(model.identity(), texts, conditions), ReconstructionError.class,
                () -> measure(model, texts, conditions, progress));
    }

    private static List<ReconstructionError> measure(
            CausalLM model, List<int[]> texts, List<Condition> conditions, Progress progress) {
        List<Map<Place, Sums>> sums = conditions.stream().map(ReconstructionError::sums).toList();
        double done = 0;
        for (List<int[]> batch : Batches.of(model, texts, ids -> ids.length, 1)) {
            Progress part = progress.between(done / texts.size(), (done + batch.size()) / texts.size());
            measureBatch(model, batch, conditions, sums, part);
            done += batch.size();
        }
        return sums.stream().map(ReconstructionError::of).toList();
    }

    private static Map<Place, Sums> sums(Condition condition) {
        Map<Place, Sums> sums = new HashMap<>();
        maps(condition).forEach(map -> sums.put(new Place(map.layer(), map.matrix()), new Sums()));
        return sums;
    }

    private static Stream<MapWeights> maps(Condition condition) {
        return condition.interventions().stream().filter(MapWeights.class::isInstance).map(MapWeights.class::cast);
    }

    private static ReconstructionError of(Map<Place, Sums> sums) {
        return new ReconstructionError(
                sums.values().stream().mapToDouble(sum -> sum.weightError / sum.weight).average().orElse(0),
                sums.values().stream().mapToDouble(sum -> sum.outputError / sum.output).average().orElse(0));
    }

    private static void measureBatch(
            CausalLM model,
            List<int[]> texts,
            List<Condition> conditions,
            List<Map<Place, Sums>> sums,
            Progress progress) {
        int layers = model.config().numHiddenLayers();
        List<ForwardPass> runs = IntStream.range(0, texts.size()).mapToObj(ForwardPass::original).toList();
        try (Walk walk = model.walk(texts.stream().map(Sequence::of).toList(), layers)) {
            while (walk.nextLayer()) {
                try (NDManager scope = model.newScope()) {
                    Gram gram = new Gram(new EnumMap<>(Site.class), scope);
                    walk.run(runs, gram);
                    for (LinearLayer matrix : LinearLayer.values()) {
                        addErrors(model, walk, matrix, gram.bySite().get(matrix.inputSite()), conditions, sums);
                    }
                }
                progress.at((walk.layer() + 1.0) / layers, "layer " + (walk.layer() + 1) + " of " + layers);
            }
        }
    }

    /**
     * {@code X^T X} of every matrix' inputs in one layer: all that squared errors of outputs need, however many tokens.
     *
     * @param bySite {@code [in, in]} each, in {@code scope}
     */
    private record Gram(Map<Site, NDArray> bySite, NDManager scope) implements ActivationReader {
        private static final Set<Site> INPUTS =
                Stream.of(LinearLayer.values()).map(LinearLayer::inputSite).collect(Collectors.toSet());

        @Override
        public boolean reads(Site site) {
            return INPUTS.contains(site);
        }

        @Override
        public void read(int run, HookPoint point, NDArray activation) {
            try (NDManager temporary = scope.newSubManager()) {
                activation.tempAttach(temporary);
                NDArray product = activation.transpose().matMul(activation); // [in, in]
                bySite.computeIfPresent(point.site(), (site, sum) -> sum.addi(product));
                bySite.computeIfAbsent(point.site(), site -> {
                    product.attach(scope);
                    return product;
                });
            }
        }
    }

    private static void addErrors(
            CausalLM model,
            Walk walk,
            LinearLayer matrix,
            NDArray gram,
            List<Condition> conditions,
            List<Map<Place, Sums>> sums) {
        Place place = new Place(walk.layer(), matrix);
        try (NDManager scope = model.newScope()) {
            NDArray weight = walk.weight(matrix, scope); // [out, in]
            double norm = squares(weight);
            double output = squaredOutput(weight, gram);
            for (int i = 0; i < conditions.size(); i++) {
                for (MapWeights map : mapsOf(conditions.get(i), place)) {
                    try (NDManager temporary = scope.newSubManager()) {
                        weight.tempAttach(temporary);
                        NDArray error = map.map().apply(weight).sub(weight); // [out, in]
                        Sums sum = sums.get(i).get(place);
                        sum.weightError += squares(error);
                        sum.weight += norm;
                        sum.outputError += squaredOutput(error, gram);
                        sum.output += output;
                    }
                }
            }
        }
    }

    private static List<MapWeights> mapsOf(Condition condition, Place place) {
        return maps(condition)
                .filter(map -> map.layer() == place.layer && map.matrix() == place.matrix)
                .toList();
    }

    private static double squares(NDArray array) {
        try (NDArray squares = array.square(); NDArray sum = squares.sum()) {
            return sum.getFloat();
        }
    }

    /** {@code |X W^T|^2} of a weight {@code [out, in]} and {@code X^T X}, {@code [in, in]}. */
    private static double squaredOutput(NDArray weight, NDArray gram) {
        try (NDArray product = weight.matMul(gram); NDArray each = product.mul(weight); NDArray sum = each.sum()) {
            return sum.getFloat();
        }
    }
}
