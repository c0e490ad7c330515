package superweight.find;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import superweight.model.Coordinate;
import superweight.model.LinearLayer;
import superweight.model.Walk;

/** The down_proj of the layer that a walk has come to, in the original model; fetched once for all who ask. */
final class DownProj {
    private final Walk walk;
    private final int index;
    private final Map<Integer, float[]> rows = new HashMap<>();
    private Optional<float[]> matrix = Optional.empty();

    DownProj(Walk walk) {
        this.walk = walk;
        this.index = walk.layer();
    }

    /** The layer's, from 0. */
    int index() {
        return index;
    }

    /** One row, not to be changed: {@code [intermediate]}. */
    float[] row(int row) {
        return rows.computeIfAbsent(row, each -> walk.weightRow(LinearLayer.DOWN_PROJ, each));
    }

    WeightStatistics statistics(Coordinate at) {
        float[] values = matrix.orElseGet(() -> walk.weight(LinearLayer.DOWN_PROJ));
        matrix = Optional.of(values);
        return WeightStatistics.of(values, row(at.row()).length, at.row(), at.column());
    }
}
