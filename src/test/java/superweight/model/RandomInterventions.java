package superweight.model;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import superweight.checkpoint.ModelConfig;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.ChangeSuperActivation;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapOutput;
import superweight.model.Intervention.MapWeights;
import superweight.model.Intervention.ReplaceActivation;
import superweight.model.Intervention.RestoreSuperActivation;
import superweight.model.Intervention.ScaleWeights;
import superweight.model.SuperActivationChange.SetTo;
import superweight.model.SuperActivationChange.TokenTimes;

/** Interventions of every kind, at random places of a model. */
public final class RandomInterventions {
    private RandomInterventions() {}

    /**
     * What some conditions are made of: equal ones, ones that begin alike, ones that have nothing in common, and ones
     * that name one weight twice, for there are few interventions to choose from.
     */
    static Arbitrary<List<List<Intervention>>> conditions(ModelConfig config) {
        return conditionsOf(any(config));
    }

    /** The same of scaled weights only. */
    public static Arbitrary<List<List<Intervention>>> scalings(ModelConfig config) {
        return conditionsOf(scaling(config));
    }

    private static Arbitrary<List<List<Intervention>>> conditionsOf(Arbitrary<Intervention> any) {
        return any.list().ofMinSize(1).ofMaxSize(5).flatMap(few ->
                Arbitraries.of(few).list().ofMaxSize(4).list().ofMinSize(1).ofMaxSize(6));
    }

    private static Arbitrary<Intervention> any(ModelConfig config) {
        Arbitrary<Integer> layer = layer(config);
        Arbitrary<Integer> channel = Arbitraries.integers().between(0, config.hiddenSize() - 1);
        return Arbitraries.oneOf(
                scaling(config),
                Combinators.combine(layer, matrix(), Arbitraries.of(2, 7))
                        .as((at, matrix, steps) -> new MapWeights(at, matrix, new TestMaps.RoundedRows(steps))),
                Combinators.combine(layer, matrix(), activationMap())
                        .as((at, matrix, map) -> new MapInput(at, matrix, map)),
                Combinators.combine(layer, matrix(), activationMap())
                        .as((at, matrix, map) -> new MapOutput(at, matrix, map)),
                Combinators.combine(layer, channel).as((at, row) -> new RestoreSuperActivation(at, row)),
                Combinators.combine(layer, channel, Arbitraries.of(-30f, 0f, 2f), Arbitraries.of(true, false))
                        .as((at, row, number, whole) -> new ChangeSuperActivation(
                                at, row, whole ? new TokenTimes(number) : new SetTo(number))),
                Combinators.combine(
                                layer, channel, Arbitraries.integers().between(0, 20), Arbitraries.of(-30f, 0f, 2f))
                        .as((at, row, token, value) -> new ReplaceActivation(at, row, token, value)));
    }

    private static Arbitrary<Intervention> scaling(ModelConfig config) {
        Arbitrary<Float> factor = Arbitraries.of(0f, -1f, 0.5f, 3f);
        return Combinators.combine(layer(config), matrix(), factor).flatAs((layer, matrix, by) -> Combinators.combine(
                        Arbitraries.integers().between(0, matrix.outFeatures(config) - 1),
                        Arbitraries.integers().between(0, matrix.inFeatures(config) - 1))
                .as(Cell::new)
                .list().ofMinSize(1).ofMaxSize(4)
                .map(cells -> new ScaleWeights(layer, matrix, cells, by)));
    }

    private static Arbitrary<TensorMap> activationMap() {
        return Combinators.combine(Arbitraries.of(true, false), Arbitraries.of(0.3f, 0.7f))
                .as((perRow, share) -> perRow ? new TestMaps.ClippedRows(share) : new TestMaps.ClippedTensor(share));
    }

    private static Arbitrary<Integer> layer(ModelConfig config) {
        return Arbitraries.integers().between(0, config.numHiddenLayers() - 1);
    }

    private static Arbitrary<LinearLayer> matrix() {
        return Arbitraries.of(LinearLayer.class);
    }
}
