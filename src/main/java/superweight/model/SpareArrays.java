package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Arrays that are filled again and again; one thread may give back what another takes. */
final class SpareArrays {
    private final NDManager scope;
    private final List<NDArray> spare = new ArrayList<>();

    /** @param scope owns all of them */
    SpareArrays(NDManager scope) {
        this.scope = scope;
    }

    /** One that was given back, if there is one of this shape and type, else a new one; what it holds is anything. */
    synchronized NDArray take(Shape shape, DataType type) {
        for (Iterator<NDArray> each = spare.iterator(); each.hasNext(); ) {
            NDArray array = each.next();
            if (array.getShape().equals(shape) && array.getDataType() == type) {
                each.remove();
                return array;
            }
        }
        return scope.create(shape, type);
    }

    /** What is no longer in use. */
    synchronized void giveBack(NDArray array) {
        spare.add(array);
    }
}
