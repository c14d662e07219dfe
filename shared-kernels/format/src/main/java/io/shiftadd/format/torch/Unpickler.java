package io.shiftadd.format.torch;

import io.shiftadd.format.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle that describes tensors. It knows the opcodes that {@code torch.save} writes of a state dictionary
 * (protocol 2) and the names of {@link TorchGlobal}; whatever else a pickle says ends the reading, with its name.
 * Nothing is imported, constructed or called: what looks like a call of {@code _rebuild_tensor_v2} becomes a {@link
 * TorchTensor}.
 *
 * <p>Each opcode puts at most one value on the stack, and values refer to others without copying them, so that memory
 * is bounded by the pickle's length. Values are never walked through as a whole: they may refer to themselves.
 *
 * <p>Source: pickletools of Python for the opcodes, torch/_weights_only_unpickler.py for which of them are needed.
 */
final class Unpickler {

    private static final int PROTOCOL = 2;

    private static final Object MARK = new Object();
    private static final Object NONE = new Object();

    private final PickleReader in;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Unpickler(byte[] pickle, String where) {
        this.in = new PickleReader(pickle, where);
    }

    /** A dictionary of a pickle: keys are texts or numbers. */
    private static final class Dictionary {
        private final Map<Object, Object> entries = new LinkedHashMap<>();
    }

    /**
     * The tensors of a state dictionary by name, in its order; entries that are no tensors are left out.
     *
     * @param where names the pickle in errors
     * @throws FormatException when it is no such pickle
     */
    static Map<String, TorchTensor> tensors(byte[] pickle, String where) {
        Unpickler unpickler = new Unpickler(pickle, where);
        if (!(unpickler.run() instanceof Dictionary dictionary)) {
            throw unpickler.in.refusal("holds no dictionary of tensors", "weights are saved as a state_dict");
        }
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        dictionary.entries.forEach((key, value) -> {
            if (key instanceof String name && value instanceof TorchTensor tensor) {
                tensors.put(name, tensor);
            }
        });
        return tensors;
    }

    private Object run() {
        if (in.opcode() != 0x80 || in.unsignedByte() != PROTOCOL) {
            throw in.refusal("is no pickle of protocol " + PROTOCOL, "torch.save writes that one");
        }
        while (true) {
            int opcode = in.opcode();
            if (opcode == '.') {
                return pop();
            }
            if (!constant(opcode) && !container(opcode)) {
                throw in.refusal(
                        "has the opcode 0x" + Integer.toHexString(opcode), "a pickle of tensors has no use for it");
            }
        }
    }

    private boolean constant(int opcode) {
        switch (opcode) {
            case '(' -> push(MARK);
            case 'N' -> push(NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) in.unsignedByte());
            case 'M' -> push((long) in.unsignedShort());
            case 'J' -> push((long) in.int32());
            case 0x8A -> push(in.longer());
            case 'G' -> {
                in.skipDouble();
                push(NONE);
            }
            case 'X' -> push(in.text());
            case 'c' -> push(global());
            case 'q' -> memo.put(in.unsignedByte(), peek());
            case 'r' -> memo.put(in.int32(), peek());
            case 'h' -> push(recalled(in.unsignedByte()));
            case 'j' -> push(recalled(in.int32()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '}' -> push(new Dictionary());
            case ']' -> push(new ArrayList<>());
            case ')' -> push(List.of());
            case 't' -> push(popToMark());
            case 0x85, 0x86, 0x87 -> push(tuple(opcode - 0x84));
            case 'a' -> {
                Object item = pop();
                list(peek()).add(item);
            }
            case 'e' -> {
                List<Object> items = popToMark();
                list(peek()).addAll(items);
            }
            case 's' -> {
                Object value = pop();
                put(List.of(pop(), value));
            }
            case 'u' -> put(popToMark());
            case 'Q' -> push(storage(pop()));
            case 'R' -> {
                Object arguments = pop();
                push(reduced(pop(), arguments));
            }
            case 'b' -> build(pop());
            default -> {
                return false;
            }
        }
        return true;
    }

    private TorchGlobal global() {
        String module = in.line();
        String symbol = in.line();
        return TorchGlobal.named(module, symbol)
                .orElseThrow(() -> in.refusal(
                        "names " + shown(module) + "." + shown(symbol) + ", which could run code",
                        "only tensors are read: OrderedDict, _rebuild_tensor_v2, _rebuild_parameter and storages"));
    }

    /** What an {@code OrderedDict} has beside its entries ({@code _metadata}) is of no use here. */
    private void build(Object state) {
        if (!(peek() instanceof Dictionary) || !(state instanceof Dictionary)) {
            throw in.refusal("sets the state of what is no dictionary", "only tensors are read");
        }
    }

    private Object reduced(Object callable, Object arguments) {
        List<?> values = arguments instanceof List<?> list ? list : List.of();
        if (callable == TorchGlobal.ORDERED_DICT && values.isEmpty()) {
            return new Dictionary();
        }
        if (callable == TorchGlobal.REBUILD_PARAMETER
                && !values.isEmpty()
                && values.getFirst() instanceof TorchTensor t) {
            return t;
        }
        if (callable == TorchGlobal.REBUILD_TENSOR
                && values.size() >= 4
                && values.get(0) instanceof TorchStorage storage
                && values.get(1) instanceof Long offset) {
            TorchTensor tensor = new TorchTensor(storage, offset, longs(values.get(2)), longs(values.get(3)));
            String fault = tensor.fault();
            if (fault != null) {
                throw in.refusal("describes a tensor that " + fault, "a tensor lies within its storage");
            }
            return tensor;
        }
        throw in.refusal("calls what is none of the known functions with their arguments", "only tensors are read");
    }

    /** {@code ('storage', kind, key, location, count)}. */
    private TorchStorage storage(Object id) {
        if (id instanceof List<?> parts
                && parts.size() == 5
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof TorchGlobal kind
                && kind.dtype() != null
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long count
                && count >= 0) {
            return new TorchStorage(kind.dtype(), key, count);
        }
        throw in.refusal("refers to something outside that is no storage", "only tensors are read");
    }

    private long[] longs(Object tuple) {
        if (!(tuple instanceof List<?> list) || !list.stream().allMatch(Long.class::isInstance)) {
            throw in.refusal("describes a tensor without shape", "shape and strides are tuples of integers");
        }
        return list.stream().mapToLong(Long.class::cast).toArray();
    }

    private void put(List<Object> keysAndValues) {
        if (!(peek() instanceof Dictionary dictionary) || keysAndValues.size() % 2 != 0) {
            throw in.refusal("sets items of what is no dictionary", "only tensors are read");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            if (!(key instanceof String) && !(key instanceof Long)) {
                throw in.refusal("has a key that is neither text nor number", "keys are the tensors' names");
            }
            if (dictionary.entries.put(key, keysAndValues.get(i + 1)) != null) {
                throw in.refusal("has the key '" + shown(key.toString()) + "' twice", "names are unique");
            }
        }
    }

    @SuppressWarnings("unchecked") // only lists of this class are array lists of objects
    private List<Object> list(Object value) {
        if (value instanceof ArrayList<?> list) {
            return (List<Object>) list;
        }
        throw in.refusal("appends to what is no list", "only tensors are read");
    }

    private List<Object> tuple(int size) {
        Object[] items = new Object[size];
        for (int i = size - 1; i >= 0; i--) {
            items[i] = pop();
        }
        return List.of(items);
    }

    private List<Object> popToMark() {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw in.refusal("takes items from the stack down to a mark that is not there", "programs are whole");
        }
        List<Object> top = stack.subList(mark + 1, stack.size());
        List<Object> items = List.copyOf(top);
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private Object recalled(int index) {
        Object value = memo.get(index);
        if (value == null) {
            throw in.refusal("recalls what it never stored", "programs are whole");
        }
        return value;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        Object top = peek();
        stack.removeLast();
        return top;
    }

    private Object peek() {
        if (stack.isEmpty() || stack.getLast() == MARK) {
            throw in.refusal("takes from an empty stack", "programs are whole");
        }
        return stack.getLast();
    }

    private static String shown(String name) {
        String plain = name.replaceAll("[^\\x20-\\x7E]", "?");
        return plain.length() > 100 ? plain.substring(0, 100) + "…" : plain;
    }
}
