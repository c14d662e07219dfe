package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Statement.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a template that can be called; gives the text that it writes. */
final class Macro implements Callable {

    private final Signature signature;
    private final List<Statement> body;
    private final Scope scope;
    private final Renderer renderer;
    private final Evaluator evaluator;

    Macro(Signature signature, List<Statement> body, Scope scope, Renderer renderer, Evaluator evaluator) {
        this.signature = signature;
        this.body = body;
        this.scope = scope;
        this.renderer = renderer;
        this.evaluator = evaluator;
    }

    @Override
    public Object call(Arguments arguments) {
        Scope inner = scope.inner();
        List<String> parameters = signature.parameters();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        int withoutDefault = parameters.size() - signature.defaults().size();
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i);
            Object byName = named.remove(name);
            Object value;
            if (i < arguments.values().size()) {
                if (byName != null) {
                    throw new JinjaException("macro " + signature.name() + ": '" + name + "' is given twice");
                }
                value = arguments.values().get(i);
            } else if (byName != null) {
                value = byName;
            } else if (i >= withoutDefault) {
                value = evaluator.evaluate(signature.defaults().get(i - withoutDefault), inner);
            } else {
                value = new Undefined("the parameter '" + name + "' was not provided");
            }
            inner.set(name, value);
        }
        Object caller = named.remove("caller");
        if (caller != null) {
            inner.set("caller", caller);
        }
        int given = arguments.values().size();
        inner.set(
                "varargs",
                new Tuple(new ArrayList<>(arguments.values().subList(Math.min(given, parameters.size()), given))));
        inner.set("kwargs", new LinkedHashMap<Object, Object>(named));
        StringBuilder out = new StringBuilder();
        renderer.run(body, inner, out);
        return out.toString();
    }
}
