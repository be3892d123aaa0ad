"""The reference twin: one trial, told as a story of events, slowly and plainly.

Read this to learn how the engine thinks. It gets the same board, rules and draws as the
compiled kernels and must write the same ledger. There are no compiled kernels in here
(only the draws are shared): tracks are numpy matrices, shots are objects in a list.

The story of one trial:

1. Each object either fails by itself, or together with what it is part of, or flies.
2. Each look at it either is a detection or not.
3. Every `cycle_s` the clock strikes. At each stroke, in this order:
   a node learns of the looks that have arrived, and its tracks are brought up to date;
   interceptors about to use their own sensor get the track as it stands;
   intercepts that are due are decided; results that are due become known;
   each node decides whom to fire at.
4. At the end each object gets one fate.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from opendome.draws.philox import normal, uniform
from opendome.engagement.records import Board, Fate, Rules
from opendome.quantities.constants import MU_M3_S2

from .twin_command import Commander, Shot, released

NEVER = math.nan


@dataclass
class Track:
    """What one node believes of one object."""

    masks: dict[int, list[int]] = field(default_factory=dict)
    cov: np.ndarray | None = None
    last_cov: np.ndarray | None = None
    filter_t: float = -math.inf
    formed: bool = False
    first_formed_t: float = NEVER
    drops: int = 0
    believed_dead: bool = False
    inbox: list[tuple[float, int]] = field(default_factory=list)
    watched: dict[int, float] = field(default_factory=dict)
    log_odds: float = 0.0


@dataclass
class Row:
    """What is written about one object."""

    fate: Fate = Fate.FAILED
    killer: int = -1
    rounds: int = 0
    spared: int = 0
    detected_t: float = NEVER
    tracked_t: float = NEVER
    shared_t: float = NEVER
    ordered_t: float = NEVER
    launched_t: float = NEVER
    intercept_t: float = NEVER
    killed_t: float = NEVER


class Twin(Commander):
    """One trial on one board."""

    def __init__(self, board: Board, rules: Rules, seed: int, trial: int) -> None:
        self.b, self.r, self.seed, self.trial = board, rules, seed, trial
        self.objects = range(board.objects.size)
        self.nodes = range(board.arrival_start.shape[0])
        self.rows = [Row() for _ in self.objects]
        self.shots: list[Shot] = []
        self.stock = [int(n) for n in board.shooters["stock"]]
        self.salvos: dict[tuple[int, int, int], int] = {}
        self.in_salvo: dict[tuple[int, int, int], int] = {}
        self.fired: dict[tuple[int, int], int] = {}
        self.had_reach, self.had_stock = set(), set()
        self.tracks = {(n, o): Track() for n in self.nodes for o in self.objects}
        self.flying = [o for o in self.objects if all(map(self.works, self.line(o)))]
        self.believed, self.dismissed = set(), set()
        self.worthy, self.unworthy, self.overpriced = set(), set(), set()
        self.quiet: dict[tuple[int, int], int] = {}
        self.hits: dict[int, bool] = {}

    def line(self, obj):
        """An object, what it is part of, and so on."""
        while obj >= 0:
            yield obj
            obj = int(self.b.objects["parent"][obj])

    def works(self, obj):
        luck = self.luck(self.r.reliability_purpose, obj, 0)
        return luck < self.b.objects["p_reliable"][obj]

    def luck(self, purpose, obj, index):
        return uniform(self.seed, int(purpose), self.trial, int(obj), int(index))

    def play(self) -> "Twin":
        for obj in self.flying:
            self.see(obj)
        for node in self.nodes:
            for obj in self.flying:
                rows = range(self.b.arrival_start[node, obj], self.b.arrival_start[node, obj + 1])
                self.tracks[node, obj].inbox = [
                    (self.b.arrivals["t_s"][k], int(self.b.arrivals["look"][k]))
                    for k in rows
                    if self.delivered(node, k, obj)
                ]
        if self.flying:
            cycle = math.floor(
                min(self.b.objects["launch_t_s"][o] for o in self.flying) / self.r.cycle_s
            )
            end = max(self.b.objects["impact_t_s"][o] for o in self.flying) + self.r.cycle_s
            while cycle * self.r.cycle_s <= end or any(not s.known for s in self.shots):
                self.stroke(cycle * self.r.cycle_s)
                cycle += 1
        for obj in self.flying:
            self.write_fate(obj)
        return self

    def stroke(self, now):
        for (node, obj), track in self.tracks.items():
            if (
                obj in self.flying
                and self.b.objects["launch_t_s"][obj]
                <= now
                <= self.b.objects["impact_t_s"][obj] + self.r.cycle_s
            ):
                too_late = now > self.b.objects["last_order_t_s"][obj]
                settled = track.believed_dead or (too_late and track.first_formed_t >= 0)
                if self.in_flight(node, obj) or not settled:
                    self.learn(node, obj, track, now)
        for shot in self.shots:
            self.hand_over(shot, now)
        due = [s for s in self.shots if s.result == "flying" and s.intercept_t <= now]
        for shot in sorted(due, key=lambda s: s.intercept_t):
            self.decide_intercept(shot)
        for shot in self.shots:
            if not shot.known and shot.intercept_t + self.r.assessment_delay_s <= now:
                self.become_known(shot)
        for node in self.nodes:
            self.decide(node, now)

    def delivered(self, node, arrival, obj):
        look = self.b.arrivals["look"][arrival]
        stream = self.b.delivery_purpose[node, self.b.looks["sensor"][look]]
        luck = self.luck(stream, obj, self.milliseconds(look, obj))
        return luck < self.b.arrivals["p_delivered"][arrival]

    def milliseconds(self, look, obj):
        return math.floor(
            (self.b.looks["t_s"][look] - self.b.objects["launch_t_s"][obj]) * 1000.0 + 0.5
        )

    # 1. seeing

    def see(self, obj):
        fiction = Track()
        for look in range(self.b.objects["first_look"][obj], self.b.objects["end_look"][obj]):
            t = self.b.looks["t_s"][look]
            sensor = self.b.looks["sensor"][look]
            luck = self.luck(self.b.sensors["purpose"][sensor], obj, self.milliseconds(look, obj))
            self.hits[look] = luck < self.b.looks["p_detect"][look]
            if self.hits[look] and math.isnan(self.rows[obj].detected_t):
                self.rows[obj].detected_t = t
            if math.isnan(self.rows[obj].tracked_t):
                self.count(fiction, look)
                if self.sure(fiction):
                    self.rows[obj].tracked_t = t

    def count(self, track, look):
        sensor = int(self.b.looks["sensor"][look])
        window = track.masks.setdefault(sensor, [])
        window.append(1 if self.hits[look] else 0)
        del window[: -self.r.confirm_window]

    def sure(self, track):
        confirmed = [s for s, window in track.masks.items() if sum(window) >= self.r.confirm_hits]
        ranging = [s for s in confirmed if self.b.sensors["ranging"][s]]
        return len(ranging) >= 1 or len(confirmed) - len(ranging) >= 2

    # 2. tracking

    def learn(self, node, obj, track, now):
        news = []
        while track.inbox and track.inbox[0][0] <= now:
            arrived, look = track.inbox.pop(0)
            self.count(track, look)
            if self.hits[look]:
                news.append(look)
                self.weigh(track, obj, look)
            if not track.formed and self.sure(track):
                track.formed = True
                if math.isnan(track.first_formed_t):
                    track.first_formed_t = arrived
        if news:
            newest = max(self.b.looks["t_s"][look] for look in news)
            if track.cov is None:
                position, speed = self.r.prior_position_sigma_m, self.r.prior_speed_sigma_m_s
                track.cov = np.diag([position**2] * 3 + [speed**2] * 3)
                track.filter_t = newest
            elif newest > track.filter_t:
                track.cov = self.predicted(track.cov, obj, track.filter_t, newest)
                track.filter_t = newest
            track.cov = self.updated(track.cov, news)
            track.last_cov = track.cov
        if track.formed:
            age = now - track.filter_t
            if age > self.r.custody_gap_s or self.sigma(track, obj, age) > self.r.custody_sigma_m:
                track.formed, track.cov, track.masks = False, None, {}
                track.drops += 1

    def weigh(self, track, obj, look):
        """Evidence of a sensor of K-factor K after watching w seconds: K^2 min(1, w / k_time)."""
        sensor = int(self.b.looks["sensor"][look])
        k, k_time = self.b.sensors["k_factor"][sensor], self.b.sensors["k_time_s"][sensor]
        before = track.watched.get(sensor, 0.0)
        after = track.watched[sensor] = before + self.b.looks["watched_s"][look]
        added = k**2 * (min(1.0, after / k_time) - min(1.0, before / k_time))
        if added > 0.0:
            index = self.milliseconds(look, obj)
            luck = normal(
                self.seed, int(self.b.sensors["k_purpose"][sensor]), self.trial, obj, index
            )
            sign = 1.0 if self.b.objects["lethal"][obj] else -1.0
            track.log_odds += sign * added / 2.0 + math.sqrt(added) * luck

    def takes_for_threat(self, track, obj):
        p_taken = self.b.objects["p_taken_for_real"][obj]
        if math.isnan(p_taken):
            return track.log_odds >= self.r.log_odds_to_engage
        return self.luck(self.r.taken_purpose, obj, 0) < p_taken

    def at(self, obj, t):
        flight = min(t, self.b.objects["impact_t_s"][obj]) - self.b.objects["launch_t_s"][obj]
        k = max(0, min(self.b.path.shape[1] - 1, int(flight / self.b.path_step_s)))
        return self.b.path[obj, k]

    def predicted(self, cov, obj, t, end):
        while t < end:
            dt = min(end - t, self.r.cycle_s)
            psd = self.r.accel_psd_coast_m2_s3
            if t >= self.b.objects["manoeuvre_t_s"][obj]:
                psd += self.b.objects["manoeuvre_psd_m2_s3"][obj]
            if t < self.b.objects["burnout_t_s"][obj]:
                psd = self.r.accel_psd_boost_m2_s3
            pos = self.at(obj, t)[:3]
            radius = np.linalg.norm(pos)
            gradient = MU_M3_S2 / radius**3 * (3.0 * np.outer(pos, pos) / radius**2 - np.eye(3))
            one, none = np.eye(3), np.zeros((3, 3))
            half = np.block([[one, 0.5 * dt * one], [none, one]])
            kick = np.block([[one, none], [dt * gradient, one]])
            step = half @ kick @ half
            noise = np.block([[dt**3 / 3 * one, dt**2 / 2 * one], [dt**2 / 2 * one, dt * one]])
            cov = step @ cov @ step.T + psd * noise
            t += dt
        return cov

    def updated(self, cov, news):
        xx, xy, xz, yy, yz, zz = (
            sum(self.b.looks["information_m2"][k, i] for k in news) for i in range(6)
        )
        information = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        behind = np.linalg.inv(np.eye(3) + cov[:3, :3] @ information)
        noise = behind.T @ information @ behind
        keep = np.eye(6)
        keep[:, :3] -= cov[:, :3] @ information @ behind
        # Joseph's form: exact where a weak prior meets a sharp measurement
        cov = keep @ cov @ keep.T + cov[:, :3] @ noise @ cov[:3, :]
        return 0.5 * (cov + cov.T)

    def sigma(self, track, obj, age):
        cov = track.last_cov
        free = max(0.0, self.b.objects["manoeuvre_t_s"][obj] - track.filter_t)  # not yet begun
        swerve = self.b.objects["manoeuvre_psd_m2_s3"][obj] * max(0.0, age - free) ** 3
        return math.sqrt(np.trace(cov[:3, :3]) + np.trace(cov[3:, 3:]) * age * age + swerve)

    # 3. shots

    def hand_over(self, shot, now):
        asset = self.b.shooters["asset"][shot.shooter]
        if (
            shot.handed_over
            or shot.intercept_t - self.r.assets["homing_s"][asset] >= now + self.r.cycle_s
        ):
            return
        track = self.tracks[int(self.b.shooters["node"][shot.shooter]), shot.obj]
        cov = self.predicted(track.last_cov, shot.obj, track.filter_t, shot.intercept_t)[:3, :3]
        along = self.at(shot.obj, shot.intercept_t)[3:]
        across = np.linalg.svd(along[None, :])[2][1:]
        variances = np.linalg.eigvalsh(across @ cov @ across.T)
        small, large = np.sqrt(np.maximum(variances, 0.0))
        shot.p_divert = p_in_circle(large, small, self.r.assets["divert_radius_m"][asset])
        shot.handed_over = True

    def decide_intercept(self, shot):
        asset = int(self.b.shooters["asset"][shot.shooter])
        luck = self.luck(self.r.assets["kill_purpose"][asset], shot.obj, shot.ordinal)
        row = self.rows[shot.obj]
        if not math.isnan(row.killed_t):
            shot.result = "too late"
        elif luck < self.r.assets["p_kill"][asset] * shot.p_divert and self.works_at_all(
            shot.shooter
        ):
            shot.result, row.killed_t = "killed", shot.intercept_t
            row.killer = int(self.b.shooters["layer"][shot.shooter])
            self.take_along(shot.obj, row)
        else:
            shot.result = "missed"

    def take_along(self, obj, row):
        """Whatever is still aboard of a killed object dies with it and never flies by itself."""
        for part in list(self.flying):
            line = list(self.line(part))
            if part != obj and obj in line:
                last_step = line[line.index(obj) - 1]
                if self.b.objects["launch_t_s"][last_step] > row.killed_t:
                    self.flying.remove(part)
                    for node in self.nodes:
                        self.tracks[node, part] = Track()
                    self.rows[part] = Row(
                        fate=Fate.KILLED, killer=row.killer, killed_t=row.killed_t
                    )

    def become_known(self, shot):
        shot.known = True
        asset, node = (
            int(self.b.shooters["asset"][shot.shooter]),
            int(self.b.shooters["node"][shot.shooter]),
        )
        luck = self.luck(self.r.assets["assess_purpose"][asset], shot.obj, shot.ordinal)
        dead = shot.result != "missed"
        believed = luck >= self.r.p_false_miss if dead else luck < self.r.p_false_kill
        shot.believed_dead = believed
        self.tracks[node, shot.obj].believed_dead |= believed
        layer = int(self.b.shooters["layer"][shot.shooter])
        if not [
            s
            for s in self.in_flight(node, shot.obj)
            if self.b.shooters["layer"][s.shooter] == layer
        ]:
            self.in_salvo[node, shot.obj, layer] = 0
            self.salvos[node, shot.obj, layer] = self.salvos.get((node, shot.obj, layer), 0) + 1

    # 5. the end

    def write_fate(self, obj):
        row = self.rows[obj]
        formed = [self.tracks[node, obj].first_formed_t for node in self.nodes]
        row.shared_t = min((t for t in formed if not math.isnan(t)), default=NEVER)
        row.fate = self.fate(row, obj)

    def fate(self, row, obj):
        last = self.b.objects["last_order_t_s"][obj]
        deadline = last if last > -math.inf else self.b.objects["impact_t_s"][obj]
        story = [
            (not math.isnan(row.killed_t), Fate.KILLED),
            (not self.b.objects["lethal"][obj], Fate.IGNORED),
            (self.b.objects["defended_distance_m"][obj] > 0, Fate.IGNORED),
            (row.rounds > 0, Fate.SHOTS_MISSED),
            (math.isnan(row.detected_t), Fate.NEVER_DETECTED),
            (not row.tracked_t <= deadline, Fate.NOT_TRACKED),
            (last == -math.inf, Fate.NO_REACH),
            (not row.shared_t <= deadline, Fate.NOT_SHARED),
            (not released(self, row.shared_t) <= deadline, Fate.NOT_DECIDED),
            (obj in self.dismissed - self.believed, Fate.TAKEN_FOR_HARMLESS),
            (obj not in self.had_reach, Fate.NO_REACH),
            (obj not in self.had_stock, Fate.NO_STOCK),
            (
                obj in self.unworthy - self.worthy,
                Fate.NOT_WORTH
                if self.b.loss_max > 0.0 or obj in self.overpriced
                else Fate.TAKEN_FOR_HARMLESS,
            ),
        ]
        return next((fate for holds, fate in story if holds), Fate.NOT_ASSIGNED)


def p_in_circle(large: float, small: float, radius: float) -> float:
    """Chance of a centred normal point within a circle, by a plain sum over a fine grid."""
    if radius <= 0.0:
        return 0.0
    if large <= 0.0:
        return 1.0
    from scipy.integrate import quad
    from scipy.special import erf

    reach = min(radius, 9.0 * large)
    if small <= 1e-9 * large:
        return float(erf(reach / large / math.sqrt(2.0)))

    def band(x: float) -> float:
        half = math.sqrt(max(0.0, radius * radius - x * x))
        density = math.exp(-0.5 * (x / large) ** 2) / (large * math.sqrt(2.0 * math.pi))
        return density * float(erf(half / small / math.sqrt(2.0)))

    return min(1.0, 2.0 * quad(band, 0.0, reach, limit=200)[0])
