package superweight.find;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.ScaleWeights;
import superweight.model.LinearLayer;

/**
 * A weight of large magnitude that is not a super weight: what the paper prunes by the thousand as a
 * control (section 3.2, "Prune Non-SW").
 *
 * @param layer decoder layer, from 0
 * @param matrix which of the layer's matrices; embeddings, norms and the output projection have none
 * @param cell its place
 * @param value the weight
 */
public record LargeWeight(int layer, LinearLayer matrix, Cell cell, float value) {
    /** What the paper's code takes of each matrix for Figure 4. */
    public static final double FIGURE_4_SHARE = 5e-7;

    private static final double MILLIONTH = 1e-6; // for Table 1

    private static final Comparator<LargeWeight> BY_MAGNITUDE =
            Comparator.comparingDouble(weight -> Math.abs(weight.value));

    /** The paper's control of Table 1 as its code has it: a millionth of each matrix. */
    public static List<LargeWeight> topMillionthOfEachMatrix(CausalLM model, Set<Coordinate> except) {
        return largestOfEachMatrix(model, MILLIONTH, except);
    }

    /**
     * The paper's controls as its code has them: of each matrix the largest share, and every weight that ties with
     * the last of them. A matrix too small for that gives one, where the paper's code would give none.
     *
     * @param share of a matrix's weights, such as {@link #FIGURE_4_SHARE}
     */
    public static List<LargeWeight> largestOfEachMatrix(CausalLM model, double share, Set<Coordinate> except) {
        List<LargeWeight> chosen = new ArrayList<>();
        for (int layer = 0; layer < model.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                int weights = Math.multiplyExact(
                        matrix.outFeatures(model.config()), matrix.inFeatures(model.config()));
                int count = Math.max(1, (int) (weights * share));
                List<LargeWeight> largest = ofMatrix(model, layer, matrix, count, except);
                if (!largest.isEmpty()) { // as it is for a matrix of zeros
                    float last = Math.abs(largest.get(largest.size() - 1).value);
                    Scan scan = new Scan(Integer.MAX_VALUE, Math.nextDown(last));
                    scan.add(model, layer, matrix, except);
                    chosen.addAll(scan.largestFirst());
                }
            }
        }
        return chosen;
    }

    /** The largest weights of all decoder layers together, largest first: the paper's sentence. */
    public static List<LargeWeight> ofModel(CausalLM model, int count, Set<Coordinate> except) {
        Scan scan = new Scan(count, 0);
        for (int layer = 0; layer < model.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                scan.add(model, layer, matrix, except);
            }
        }
        return scan.largestFirst();
    }

    /** The largest weights of one matrix, largest first. */
    public static List<LargeWeight> ofMatrix(
            CausalLM model, int layer, LinearLayer matrix, int count, Set<Coordinate> except) {
        Scan scan = new Scan(count, 0);
        scan.add(model, layer, matrix, except);
        return scan.largestFirst();
    }

    /** Prunes all of them, sets them to zero: one intervention per matrix. */
    public static List<Intervention> prune(List<LargeWeight> weights) {
        Map<Integer, Map<LinearLayer, List<Cell>>> places = new TreeMap<>();
        for (LargeWeight weight : weights) {
            places.computeIfAbsent(weight.layer, layer -> new EnumMap<>(LinearLayer.class))
                    .computeIfAbsent(weight.matrix, matrix -> new ArrayList<>())
                    .add(weight.cell);
        }
        List<Intervention> interventions = new ArrayList<>();
        places.forEach((layer, matrices) -> matrices.forEach(
                (matrix, cells) -> interventions.add(new ScaleWeights(layer, matrix, cells, 0))));
        return interventions;
    }

    /** Keeps the largest of all weights it is shown. */
    private static final class Scan {
        private final int count;
        private final PriorityQueue<LargeWeight> kept = new PriorityQueue<>(BY_MAGNITUDE);
        private float floor;

        Scan(int count, float floor) {
            this.count = count;
            this.floor = floor;
        }

        void add(CausalLM model, int layer, LinearLayer matrix, Set<Coordinate> except) {
            int columns = matrix.inFeatures(model.config());
            float[] values = model.weight(layer, matrix);
            for (int i = 0; i < values.length; i++) {
                if (Math.abs(values[i]) > floor) {
                    Cell cell = new Cell(i / columns, i % columns);
                    boolean superWeight = matrix == LinearLayer.DOWN_PROJ
                            && except.contains(new Coordinate(layer, cell.row(), cell.column()));
                    if (!superWeight) {
                        keep(new LargeWeight(layer, matrix, cell, values[i]));
                    }
                }
            }
        }

        private void keep(LargeWeight weight) {
            kept.add(weight);
            if (kept.size() > count) {
                kept.poll();
                floor = Math.abs(kept.element().value);
            }
        }

        List<LargeWeight> largestFirst() {
            return kept.stream().sorted(BY_MAGNITUDE.reversed()).toList();
        }
    }
}
