package superweight.find;

import java.util.List;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.LinearLayer;

/** Tiny random models with single weights of down_proj made so large that they are super weights. */
final class Planted {
    static final int HIDDEN = 24;
    static final int INTERMEDIATE = 40;
    static final int[] IDS = {0, 5, 9, 14, 3, 22, 11};

    private Planted() {}

    static RandomLlama random(int layers, long seed) {
        return RandomLlama.of(RandomLlama.config(layers, HIDDEN, INTERMEDIATE, 2, 8, true), seed);
    }

    /** The model with some weights set to a value. */
    static RandomLlama plant(RandomLlama model, float value, List<Coordinate> places) {
        RandomLlama planted = model;
        for (Coordinate at : places) {
            String name = LinearLayer.DOWN_PROJ.weightName(at.layer());
            float[] weights = planted.weights().get(name).clone();
            weights[at.row() * INTERMEDIATE + at.column()] = value;
            planted = planted.with(name, weights);
        }
        return planted;
    }

    static Findings search(RandomLlama planted) {
        try (CausalLM model = planted.load()) {
            return SuperWeightFinder.of(model).find(IDS, superweight.measure.Progress.NONE);
        }
    }
}
