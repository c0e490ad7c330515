package superweight.measure;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Sequence;
import superweight.model.Walk;

/** Activations of many texts under several conditions, in bounded memory. */
final class Activations {
    private Activations() {}

    /** Takes activations layer by layer. */
    @FunctionalInterface
    interface Reader {
        /**
         * @param condition index of the condition
         * @param text index of the text
         * @param point where in the model
         * @param activation the value, in the shape that its site states; valid during the call only
         */
        void read(int condition, int text, HookPoint point, NDArray activation);
    }

    /**
     * Takes every text through the model under each condition.
     *
     * @param texts token ids
     * @param layers how many layers, from the first on
     * @param sites of which activations are read
     */
    static void read(
            CausalLM model,
            List<int[]> texts,
            int layers,
            List<Condition> conditions,
            Set<Site> sites,
            Progress progress,
            Reader reader) {
        int done = 0;
        for (List<int[]> batch : Batches.of(model, texts, ids -> ids.length, conditions.size())) {
            int first = done;
            done += batch.size();
            Progress part = progress.between((double) first / texts.size(), (double) done / texts.size());
            try (Walk walk = model.walk(batch.stream().map(Sequence::of).toList(), layers)) {
                walk.through(Condition.runs(conditions, batch.size()), new ActivationReader() {
                    @Override
                    public boolean reads(Site site) {
                        return sites.contains(site);
                    }

                    @Override
                    public void read(int run, HookPoint point, NDArray activation) {
                        reader.read(run / batch.size(), first + run % batch.size(), point, activation);
                    }
                }, part);
            }
        }
    }

    /** Where an array has its value of largest magnitude, the first of equals. */
    static int largest(float[] values) {
        return IntStream.range(1, values.length)
                .reduce(0, (best, i) -> Math.abs(values[i]) > Math.abs(values[best]) ? i : best);
    }
}
