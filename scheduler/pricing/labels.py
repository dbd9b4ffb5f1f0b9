"""Label-setting over resources, compiled: the cheapest path, exactly, under whole-number prices.

A label is a set of options taken so far: its state (bits, counters, walks) and its cost. Of labels with the same state the
cheapest is kept. At each stage counters that leave are paid for; then each label may take options of the stage one after another.
A label whose bound (its cost, and what is at least still to come) reaches the cut is dropped. Where only the best labels are
kept, the least bound of a dropped one is returned: no path can cost less than that and the best path found.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEVER = 1 << 60
DONE, FULL = 0, 1


@njit(cache=True, nogil=True)
def _find(table, mask, bits, cells, store_bits, store_cells):  # type: ignore[no-untyped-def]  # compiled
    """Place of a state in the hash table: that of an equal one, or the free one where it belongs."""
    h = np.uint64(1469598103934665603)
    for w in range(bits.shape[0]):
        h = (h ^ bits[w]) * np.uint64(1099511628211)
        h ^= h >> np.uint64(29)
    for c in range(cells.shape[0]):
        h = (h ^ np.uint64(cells[c])) * np.uint64(1099511628211)
        h ^= h >> np.uint64(31)
    at = np.int64(h & np.uint64(mask))
    while table[at] >= 0:
        i = table[at]
        same = True
        for w in range(bits.shape[0]):
            if store_bits[i, w] != bits[w]:
                same = False
                break
        if same:
            for c in range(cells.shape[0]):
                if store_cells[i, c] != cells[c]:
                    same = False
                    break
        if same:
            return at
        at = (at + 1) & mask
    return at


@njit(cache=True, nogil=True)
def _close(value, lo, hi, under, over, step, most):  # type: ignore[no-untyped-def]  # compiled
    """Price of a counter that leaves the state; −1 where it is not to be had."""
    if value < lo:
        steps = (lo - value + step - 1) // step
        return -1 if under < 0 or steps > most else under * steps
    if value > hi:
        steps = (value - hi + step - 1) // step
        return -1 if over < 0 or steps > most else over * steps
    return 0


@njit(cache=True, nogil=True)
def _bound(total, priced, t, free, last, key, left, rest, chain):  # type: ignore[no-untyped-def]  # compiled
    """At least so much a label costs in the end."""
    at = max(t, free)
    more = chain.ahead[at, key, left]
    if more < NEVER:
        more += chain.week_price * (chain.week[at] - last - 1)
    return total + priced + rest[t] + min(0, more)


@njit(cache=True, nogil=True)
def labels(  # type: ignore[no-untyped-def]  # compiled
    stage,
    cost,
    bits,
    keep,
    needs,
    gives,
    raises,
    opens,
    gate_bits,
    gate_raises,
    closing,
    limits,
    switch,
    switch_price,
    turns,
    turn_price,
    span,
    span_price,
    rest,
    chain,
    cut,
    beam,
    capacity,
    constant,
    merge,
):
    """Labels left at the end: cost and last node of each; parent and option of each node; least bound left out; labels made.

    With `merge` the cheapest path is among them. Without, they are all paths that cost less than `cut`, if nothing was left out.
    """
    stages = len(stage) - 1
    words = bits.shape[1]
    n_counters = len(closing.at)
    n_switch, n_span = len(switch_price), len(span_price)
    cells_n = n_counters + n_switch + n_span
    size = 1
    while size < 2 * capacity:
        size *= 2
    mask = size - 1
    table = np.full(size, -1, dtype=np.int64)
    touched = np.empty(capacity, dtype=np.int64)
    now_bits = np.empty((capacity, words), dtype=np.uint64)
    now_cells = np.empty((capacity, cells_n), dtype=np.int64)
    now_cost = np.empty(capacity, dtype=np.int64)
    now_node = np.empty(capacity, dtype=np.int64)
    now_priced = np.empty(capacity, dtype=np.int64)  # multipliers paid so far
    now_free = np.empty(capacity, dtype=np.int64)  # first stage at which the chain is free
    now_left = np.empty(capacity, dtype=np.int64)  # state of the chain: what is left of the rows that it counts
    now_bound = np.empty(capacity, dtype=np.int64)
    nodes = 1
    node_room = 4 * capacity
    node_parent = np.full(node_room, -1, dtype=np.int64)
    node_option = np.full(node_room, -1, dtype=np.int64)
    b = np.zeros(words, dtype=np.uint64)
    x = np.zeros(cells_n, dtype=np.int64)
    key_cell = n_counters if n_switch == 1 else -1
    week_cell = n_counters + n_switch if n_span == 1 else -1

    count = 1
    now_bits[0] = 0
    now_cells[0] = 0
    now_cost[0] = constant
    now_node[0] = 0
    now_priced[0] = chain.constant
    now_free[0] = 0
    now_left[0] = chain.ahead.shape[2] - 1
    for s in range(n_switch):
        now_cells[0, n_counters + s] = switch.begin[s]
    for s in range(n_span):
        now_cells[0, n_counters + n_switch + s] = span.begin[s]
    left_out = NEVER
    made = 0
    for t in range(stages + 1):
        # -- labels enter the stage: what leaves is paid for, what does not matter any more is forgotten, equals are merged
        kept = 0
        n_touched = 0
        for i in range(count):
            total = now_cost[i]
            good = True
            for c in range(n_counters):
                value = now_cells[i, c]
                if closing.at[c] == t:
                    price = _close(
                        value, closing.lo[c], closing.hi[c], closing.under[c], closing.over[c], closing.step[c], closing.most[c]
                    )
                    if price < 0:
                        good = False
                        break
                    total += price
                    value = 0
                elif closing.at[c] < t:
                    value = 0
                else:
                    if value < limits.floor[t, c] or value > limits.ceiling[t, c]:
                        good = False
                        break
                    if value < limits.least[t, c]:
                        value = limits.least[t, c]
                    if value > limits.most[t, c]:
                        value = limits.most[t, c]
                x[c] = value
            if not good:
                continue
            last = now_cells[i, week_cell] if week_cell >= 0 else 0
            key = now_cells[i, key_cell] if key_cell >= 0 else -1
            bound = _bound(total, now_priced[i], t, now_free[i], last, key, now_left[i], rest, chain)
            if bound >= cut:
                continue
            for s in range(n_switch):
                c = n_counters + s
                x[c] = now_cells[i, c] if switch.until[s] >= t else -1
            for s in range(n_span):
                c = n_counters + n_switch + s
                x[c] = now_cells[i, c] if span.until[s] >= t else -1
            for w in range(words):
                b[w] = now_bits[i, w] & keep[t, w]
            at = _find(table, mask, b, x, now_bits, now_cells) if merge else 0
            j = table[at] if merge else -1
            if j < 0:  # kept <= i, so nothing that is still to be read is overwritten
                j = kept
                if merge:
                    table[at] = j
                    touched[n_touched] = at
                    n_touched += 1
                now_bits[j] = b
                now_cells[j] = x
                kept += 1
            elif total >= now_cost[j]:
                continue
            now_cost[j] = total
            now_node[j] = now_node[i]
            now_priced[j] = now_priced[i]
            now_free[j] = now_free[i]
            now_left[j] = now_left[i]
            now_bound[j] = bound
        count = kept
        if t == stages or count == 0:
            break
        if count > beam:
            worst = np.sort(now_bound[:count])[beam]
            left_out = min(left_out, worst)
            for e in range(n_touched):
                table[touched[e]] = -1
            n_touched = 0
            kept = 0
            for i in range(count):
                if now_bound[i] < worst:
                    if merge:
                        at = _find(table, mask, now_bits[i], now_cells[i], now_bits, now_cells)
                        table[at] = kept
                        touched[n_touched] = at
                        n_touched += 1
                    now_bits[kept] = now_bits[i]
                    now_cells[kept] = now_cells[i]
                    now_cost[kept] = now_cost[i]
                    now_node[kept] = now_node[i]
                    now_priced[kept] = now_priced[i]
                    now_free[kept] = now_free[i]
                    now_left[kept] = now_left[i]
                    kept += 1
            count = kept
        # -- options of the stage
        for o in range(stage[t], stage[t + 1]):
            before = count
            for i in range(before):
                clash = False
                for w in range(words):
                    if now_bits[i, w] & bits[o, w] or needs[o, w] & ~now_bits[i, w]:
                        clash = True
                        break
                if clash:
                    continue
                total = now_cost[i] + cost[o]
                priced, free, left = now_priced[i] + chain.extra[o], now_free[i], now_left[i]
                if chain.after[o] >= 0:
                    left = chain.forward[chain.kind[o], left]
                    if left < 0:
                        continue
                    free = chain.after[o]
                for c in range(cells_n):
                    x[c] = now_cells[i, c]
                k = switch.walk[o]
                if k >= 0:
                    c = n_counters + k
                    if x[c] != -1 and x[c] != switch.first[o]:
                        total += switch_price[k]
                        if turns[k, x[c]] != turns[k, switch.first[o]]:
                            total += turn_price[k]
                    x[c] = switch.first[o]
                k = span.walk[o]
                if k >= 0:
                    c = n_counters + n_switch + k
                    waited = span.first[o] - x[c] - 1
                    if waited > 0:
                        total += span_price[k] * waited
                    if span.last[o] > x[c]:
                        x[c] = span.last[o]
                last = x[week_cell] if week_cell >= 0 else 0
                key = x[key_cell] if key_cell >= 0 else -1
                bound = _bound(total, priced, t, free, last, key, left, rest, chain)
                if bound >= cut:
                    continue
                for w in range(words):
                    b[w] = now_bits[i, w] | bits[o, w] | gives[o, w]
                for e in range(raises.start[o], raises.start[o + 1]):
                    x[raises.counter[e]] += raises.value[e]
                for e in range(opens.start[o], opens.start[o + 1]):
                    g = opens.counter[e]
                    is_open = False
                    for w in range(words):
                        if b[w] & gate_bits[g, w]:
                            is_open = True
                    if not is_open:
                        for w in range(words):
                            b[w] |= gate_bits[g, w]
                        for f in range(gate_raises.start[g], gate_raises.start[g + 1]):
                            x[gate_raises.counter[f]] += gate_raises.value[f]
                good = True
                for c in range(n_counters):
                    if x[c] > limits.ceiling[t, c] or x[c] < limits.floor[t, c]:
                        good = False
                        break
                if not good:
                    continue
                made += 1
                at = _find(table, mask, b, x, now_bits, now_cells) if merge else 0
                j = table[at] if merge else -1
                if j < 0:
                    if count == capacity:
                        left_out = min(left_out, bound)
                        continue
                    j = count
                    count += 1
                    if merge:
                        table[at] = j
                        touched[n_touched] = at
                        n_touched += 1
                    now_bits[j] = b
                    now_cells[j] = x
                elif total >= now_cost[j]:
                    continue
                if nodes == node_room:
                    node_room *= 2
                    longer = np.full(node_room, -1, dtype=np.int64)
                    longer[:nodes] = node_parent
                    node_parent = longer
                    longer = np.full(node_room, -1, dtype=np.int64)
                    longer[:nodes] = node_option
                    node_option = longer
                node_parent[nodes] = now_node[i]
                node_option[nodes] = o
                now_cost[j] = total
                now_node[j] = nodes
                now_priced[j] = priced
                now_free[j] = free
                now_left[j] = left
                nodes += 1
        for e in range(n_touched):
            table[touched[e]] = -1
    return now_cost[:count].copy(), now_node[:count].copy(), node_parent, node_option, left_out, made


@njit(cache=True, nogil=True)
def path(node, parent, option):  # type: ignore[no-untyped-def]  # compiled
    """Options on the way to a node, in the order of the resources."""
    length = 0
    at = node
    while at > 0:
        length += 1
        at = parent[at]
    found = np.empty(length, dtype=np.int64)
    at = node
    while at > 0:
        length -= 1
        found[length] = option[at]
        at = parent[at]
    return found
