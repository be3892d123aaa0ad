"""The deciding half of the twin: what a node may do at one cycle, and what it chooses."""

import math

import numpy as np
from scipy.integrate import simpson
from scipy.special import erf

from opendome.draws.philox import normal
from opendome.engagement.kernels.possible import HOLD, TIGHT

NOISE = 1e-10  # a chance to fall inside that is smaller counts as none


class Shot:
    """One round that was ordered."""

    def __init__(self, obj, shooter, ordinal, ordered_t, launch_t, intercept_t) -> None:
        self.obj, self.shooter, self.ordinal = obj, shooter, ordinal
        self.ordered_t, self.launch_t, self.intercept_t = ordered_t, launch_t, intercept_t
        self.p_divert, self.handed_over = math.nan, False
        self.result, self.known, self.believed_dead = "flying", False, False


class Commander:
    """How the nodes of a twin decide; it asks the twin what they know."""

    def decide(self, node, now):
        """Look at everything; then let one layer after the other assign and fire."""
        self.note_quiet(node)
        threats = [obj for obj in self.objects if self.may_decide(node, obj, now)]
        wanted = {obj: self.wants(node, obj, now) for obj in threats}
        shots = {
            obj: self.possible(node, obj, now)
            for obj in threats
            if any(wanted[obj]) or obj not in self.had_stock
        }
        shots = {obj: found for obj, found in shots.items() if found}
        worth = {obj: self.worth(node, obj, now) for obj in shots}
        for obj in shots:
            self.note_worth(
                obj, worth[obj] * self.survival(node, obj, now), shots[obj], wanted[obj]
            )
        for layer in range(self.r.layers.size):
            mine = {
                obj: sorted(shot for shot in found if self.layer(shot[2]) == layer)
                for obj, found in shots.items()
                if wanted[obj][layer] and worth[obj] > 0.0
            }
            line = sorted((o for o in mine if mine[o]), key=lambda o: (len(shots[o]), o))
            value = {o: worth[o] * self.survival(node, o, now) for o in line}
            plan = self.assign(line, mine, value, wanted, layer)
            while any(orders for _, orders in plan):
                for obj, orders in plan:
                    if orders and self.try_to_fire(node, obj, orders.pop(0), now):
                        wanted[obj] = self.wants(node, obj, now)

    def assign(self, line, options, value, wanted, layer):
        """Round after round to whatever gains most above its price: [(object, [pair])]."""
        room = {s: self.capacity(s) for o in line for _, _, s in options[o]}
        left = {obj: wanted[obj][layer] for obj in line}
        plan = {obj: [0] * len(options[obj]) for obj in line}
        while True:
            best, chosen = 0.0, None
            for obj in line:
                for k, (_, _, shooter) in enumerate(options[obj]):
                    gain = value[obj] * self.asset(shooter)["p_kill"] - self.asset(shooter)["price"]
                    if left[obj] > 0 and room[shooter] > 0 and gain > best:
                        best, chosen = gain, (obj, k, shooter)
            if chosen is None:
                break
            obj, k, shooter = chosen
            plan[obj][k] += 1
            left[obj] -= 1
            room[shooter] -= 1
            value[obj] *= 1.0 - self.asset(shooter)["p_kill"]
        return [
            (o, [options[o][k][1] for k, n in enumerate(plan[o]) for _ in range(n)]) for o in line
        ]

    def asset(self, shooter):
        return self.r.assets[self.b.shooters["asset"][shooter]]

    def layer(self, shooter):
        return int(self.b.shooters["layer"][shooter])

    def capacity(self, shooter):
        """Rounds a shooter can launch between two cycles."""
        rule, most = self.asset(shooter), self.stock[shooter]
        if rule["limited"]:
            most = min(most, rule["ready"] - len(self.fired_by(shooter)) % rule["ready"])
            if rule["launch_interval_s"] > 0.0:
                most = min(most, self.r.cycle_s // rule["launch_interval_s"] + 1)
        return most

    def fired_by(self, shooter):
        return [s for s in self.shots if s.shooter == shooter]

    # whom

    def may_decide(self, node, obj, now):
        track = self.tracks[node, obj]
        if obj not in self.flying or track.believed_dead:
            return False
        allowed = now >= track.first_formed_t + self.r.confirm_s and now >= self.permission(node)
        in_time = now < self.b.objects["impact_t_s"][obj]
        if not allowed or not in_time or now > self.b.objects["last_order_t_s"][obj]:
            return False
        threat = self.takes_for_threat(track, obj)
        (self.believed if threat else self.dismissed).add(obj)
        return threat and not any(
            s.believed_dead and now >= told for s, told in self.of_partners(node, obj, now)
        )

    def permission(self, node):
        """When the people of a node let it fire at all."""
        formed = [self.tracks[node, obj].first_formed_t for obj in self.objects]
        takes = 0.0
        for person in self.r.people[node]:
            luck = normal(self.seed, int(person["purpose"]), self.trial, 0, 0)
            takes += person["median_s"] * math.exp(person["sigma_log"] * luck)
        return min((t for t in formed if not math.isnan(t)), default=math.inf) + takes

    def of_partners(self, node, obj, now):
        """Shots of others at an object that a node knows of, and when it knows their result."""
        known = []
        for shot in self.shots if self.r.coordination_s.size else []:
            theirs = int(self.b.shooters["node"][shot.shooter])
            if shot.obj == obj and theirs != node:
                delay = self.r.coordination_s[theirs, node]
                told = shot.intercept_t + self.r.assessment_delay_s + delay
                if shot.ordered_t + delay <= now:
                    known.append((shot, told))
        return known

    # how many

    def wants(self, node, obj, now):
        """Rounds each layer wants to fire at an object now."""
        return [self.wanted(node, obj, layer, now) for layer in range(self.r.layers.size)]

    def wanted(self, node, obj, layer, now):
        key, rule = (node, obj, layer), self.r.layers[layer]
        if self.salvos.get(key, 0) >= rule["salvos_max"] or rule["engage"] == HOLD:
            return 0
        if rule["engage"] == TIGHT and not self.inside_enough(node, obj, now):
            return 0
        rounds = int(rule["salvo"]) - self.in_salvo.get(key, 0)
        mine = self.in_flight(node, obj)
        known = [told for _, told in self.of_partners(node, obj, now) if told > now]
        if mine:
            last = max(s.intercept_t for s in self.since_quiet(node, obj))
            known.append(last + self.r.assessment_delay_s)
        if not known or any(self.layer(s.shooter) == layer for s in mine):
            return rounds
        chances = [
            self.last_order(pair, shooter)
            for pair, shooter in self.pairs(node, obj)
            if self.layer(shooter) == layer and self.stock[shooter] > 0
        ]
        must = max(chances, default=-math.inf) < max(known) + self.r.cycle_s
        return rounds if must else 0

    def survival(self, node, obj, now):
        """Outlives every round fired since the object last had none in flight, and partners'."""
        p = 1.0
        for shot in self.since_quiet(node, obj):
            p *= 1.0 - self.asset(shot.shooter)["p_kill"]
        others = 1.0
        for shot, told in self.of_partners(node, obj, now):
            if told > now:
                others *= 1.0 - self.asset(shot.shooter)["p_kill"]
        return p * others

    # what it is worth

    def open_impact(self, obj, now):
        return now < self.b.objects["burnout_t_s"][obj] or now < self.b.objects["turn_t_s"][obj]

    def believed_impact(self, node, obj):
        """Distance of the predicted impact from what is defended, and its standard deviation."""
        track = self.tracks[node, obj]
        sigma = self.sigma(track, obj, self.b.objects["impact_t_s"][obj] - track.filter_t)
        error = normal(self.seed, self.r.impact_purpose, self.trial, obj, node)
        return self.b.objects["defended_distance_m"][obj] + sigma * error, sigma

    def inside_enough(self, node, obj, now):
        if not self.tracks[node, obj].formed or self.open_impact(obj, now):
            return False
        distance, sigma = self.believed_impact(node, obj)
        return 0.5 * math.erfc(distance / sigma / math.sqrt(2.0)) >= self.r.p_inside

    def worth(self, node, obj, now):
        if not self.tracks[node, obj].formed:
            return 0.0
        if self.b.loss_max > 0.0:
            return self.b.loss_max if self.open_impact(obj, now) else self.loss(node, obj)
        if self.open_impact(obj, now):
            return 1.0
        distance, sigma = self.believed_impact(node, obj)
        return 0.0 if distance > self.r.harmless_sigmas * sigma else 1.0

    def loss(self, node, obj):
        """Value of rectangles times the chance to fall inside, summed up on a fine grid."""
        track, flying = self.tracks[node, obj], self.b.objects[obj]
        east, north, up, velocity = self.b.ground[obj]
        age = flying["impact_t_s"] - track.filter_t
        step = np.eye(6)
        step[:3, 3:] = age * np.eye(3)
        cov = (step @ track.last_cov @ step.T)[:3, :3]
        down = np.eye(3) - np.outer(velocity, up) / (velocity @ up)
        flat = np.stack([east, north]) @ down
        swerve = min(age, max(0.0, flying["impact_t_s"] - flying["manoeuvre_t_s"]))
        spread = flat @ cov @ flat.T + flying["manoeuvre_psd_m2_s3"] * swerve**3 / 3 * np.eye(2)
        root = np.linalg.cholesky(spread)
        purposes = self.r.impact_purpose, self.r.impact_north_purpose
        middle = root @ [normal(self.seed, p, self.trial, obj, node) for p in purposes]
        rows = self.b.places[flying["first_place"] : flying["end_place"]]
        chances = [self.p_inside(row, middle, root) for row in rows]
        return sum(v * p for v, p in zip(rows["value"], chances, strict=True) if p >= NOISE)

    def p_inside(self, row, middle, root):
        corners = self.b.vertices[row["first_vertex"] : row["end_vertex"]]
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        z = np.linspace(*np.clip((np.array([west, east]) - middle[0]) / root[0, 0], -9, 9), 20001)
        centre = middle[1] + root[1, 0] * z
        high, low = (erf((side - centre) / root[1, 1] / math.sqrt(2)) for side in (north, south))
        return float(simpson(0.5 * (high - low) * np.exp(-0.5 * z * z), x=z)) / math.sqrt(math.tau)

    def note_worth(self, obj, loss, found, wanted):
        gains = [
            loss * self.asset(shooter)["p_kill"] > self.asset(shooter)["price"]
            for _, _, shooter in found
        ]
        if any(gains):
            self.worthy.add(obj)
        else:
            self.unworthy.add(obj)
            if loss > 0.0:
                self.overpriced.add(obj)
            row = self.rows[obj]
            if row.rounds == 0 and row.spared == 0:
                row.spared = max(wanted)

    # with what

    def pairs(self, node, obj):
        for pair in range(self.b.objects["first_pair"][obj], self.b.objects["end_pair"][obj]):
            shooter = int(self.b.pairs["shooter"][pair])
            if self.b.shooters["node"][shooter] == node:
                yield pair, shooter

    def last_order(self, pair, shooter):
        """When a shooter can be told for the last time to fire at the object of a pair."""
        return self.b.pairs["last_t_s"][pair] - self.asset(shooter)["launch_delay_s"]

    def samples(self, pair):
        return self.b.latest_t_s[
            self.b.pairs["first_sample"][pair] : self.b.pairs["end_sample"][pair]
        ]

    def earliest(self, pair, shooter, now):
        """(intercept, launch) of the earliest intercept the launcher allows, or None."""
        rule = self.asset(shooter)
        soonest = now + rule["launch_delay_s"]
        fired = self.fired_by(shooter)
        if rule["limited"] and fired:
            pause = rule["launch_interval_s"]
            if len(fired) % rule["ready"] == 0:
                pause = max(pause, rule["reload_s"])
            soonest = max(soonest, fired[-1].launch_t + pause)
        for k, launch in enumerate(self.samples(pair)):
            meets = self.b.pairs["first_t_s"][pair] + k * self.b.meet_step_s
            if launch >= soonest and self.free_channel(shooter, launch, meets):
                return meets, launch
        return None

    def free_channel(self, shooter, launch, meets):
        rule = self.asset(shooter)
        if not rule["limited"] or not self.fired_by(shooter):
            return True

        def held(launch_t, intercept_t):
            return max(launch_t, intercept_t - rule["channel_time_s"])

        spans = [(held(s.launch_t, s.intercept_t), s.intercept_t) for s in self.fired_by(shooter)]
        mine = held(launch, meets)
        moments = [mine] + [begin for begin, _ in spans if mine < begin < meets]
        most = max(sum(begin <= at < end for begin, end in spans) for at in moments)
        return most < rule["channels"]

    def legal(self, obj, now, meets):
        changes = (self.b.objects[name][obj] for name in ("burnout_t_s", "turn_t_s"))
        return not any(now < change < meets for change in changes)

    def can_hit(self, node, obj, now, meets):
        track = self.tracks[node, obj]
        if not track.formed:
            return False
        at = now if meets <= self.b.objects["burnout_t_s"][obj] else meets
        return self.sigma(track, obj, at - track.filter_t) <= self.r.commit_sigma_m

    def possible(self, node, obj, now):
        """Shots that cannot wait for the next cycle: [(intercept, pair, shooter)]."""
        found, empty, loaded = [], 0, 0
        for pair, shooter in self.pairs(node, obj):
            if self.b.pairs["last_t_s"][pair] < now:
                continue
            if self.stock[shooter] <= 0:
                if self.b.pairs["last_t_s"][pair] >= now + self.asset(shooter)["launch_delay_s"]:
                    self.had_reach.add(obj)
                    empty += 1
                continue
            soonest = self.earliest(pair, shooter, now)
            if soonest is None:
                continue
            self.had_reach.add(obj)
            loaded += 1
            meets, launch = soonest
            waits = launch >= now + self.asset(shooter)["launch_delay_s"] + self.r.cycle_s
            if waits or not self.legal(obj, now, meets):
                continue
            if self.can_hit(node, obj, now, meets):
                found.append((meets, pair, shooter))
        if loaded:
            self.had_stock.add(obj)
        elif empty and self.tracks[node, obj].formed:
            self.had_stock.discard(obj)
        return found

    # fire

    def try_to_fire(self, node, obj, pair, now):
        shooter = int(self.b.pairs["shooter"][pair])
        if self.stock[shooter] <= 0 or not self.may_draw_reserve(node, obj, shooter, now):
            return False
        soonest = self.earliest(pair, shooter, now)
        if soonest is None or not self.legal(obj, now, soonest[0]):
            return False
        self.fire(node, obj, shooter, now, soonest[1], soonest[0])
        return True

    def may_draw_reserve(self, node, obj, shooter, now):
        layer = self.layer(shooter)
        left = sum(
            self.stock[k]
            for k in range(len(self.stock))
            if self.layer(k) == layer and self.b.shooters["node"][k] == node
        )
        if left > self.r.layers["reserve"][layer]:
            return True
        return not any(
            self.layer(other) != layer
            and self.stock[other] > 0
            and self.b.pairs["last_t_s"][pair] >= now + self.asset(other)["launch_delay_s"]
            for pair, other in self.pairs(node, obj)
        )

    def fire(self, node, obj, shooter, now, launch_t, intercept_t):
        asset, layer = int(self.b.shooters["asset"][shooter]), self.layer(shooter)
        ordinal = self.fired.get((obj, asset), 0)
        self.fired[obj, asset] = ordinal + 1
        shot = Shot(obj, shooter, ordinal, now, launch_t, intercept_t)
        self.shots.append(shot)
        self.stock[shooter] -= 1
        self.in_salvo[node, obj, layer] = self.in_salvo.get((node, obj, layer), 0) + 1
        row = self.rows[obj]
        row.rounds += 1
        row.spared = 0
        if math.isnan(row.ordered_t):
            row.ordered_t, row.launched_t, row.intercept_t = now, launch_t, intercept_t
        self.hand_over(shot, now)

    # what flies

    def in_flight(self, node, obj):
        return [
            s
            for s in self.shots
            if s.obj == obj and not s.known and self.b.shooters["node"][s.shooter] == node
        ]

    def of_node(self, node, obj):
        return [
            s for s in self.shots if s.obj == obj and self.b.shooters["node"][s.shooter] == node
        ]

    def note_quiet(self, node):
        """Forget, for the chance to survive, what was fired before nothing was in flight."""
        for obj in self.objects:
            mine = self.of_node(node, obj)
            if all(s.known for s in mine):
                self.quiet[node, obj] = len(mine)

    def since_quiet(self, node, obj):
        mine = self.of_node(node, obj)
        if all(s.known for s in mine):
            return []
        return mine[self.quiet.get((node, obj), 0) :]

    def works_at_all(self, shooter):
        """Whether the rounds of a system are free of a common fault in this trial."""
        rule = self.asset(shooter)
        luck = self.luck(rule["common_purpose"], 0, 0)
        return rule["p_common_failure"] == 0.0 or luck >= rule["p_common_failure"]


def released(twin, shared_t) -> float:
    """When the first node that its people have let fire may do so."""
    free = min((twin.permission(node) for node in twin.nodes), default=np.inf)
    return max(shared_t + twin.r.confirm_s, free)
