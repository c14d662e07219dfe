// The robot in 3D: a group a body, moved to where each frame has it.

import {
  AmbientLight, BoxGeometry, CapsuleGeometry, Color, DirectionalLight, GridHelper, Group, Mesh, MeshStandardMaterial,
  PerspectiveCamera, Quaternion, Scene, SphereGeometry, SRGBColorSpace, Vector3, WebGLRenderer,
} from '/webjars/three/build/three.module.min.js';

const NUMBERS_A_BODY = 7;
const SMOOTHING = 0.6;
// Frames come 25 times a second: drawing more often would only cost a phone's battery.
const LEAST_BETWEEN_PICTURES = 30;
const CLOSEST = 0.5;
const FARTHEST = 6;
const STEEPEST = 1.5;
const CAMERAS = {
  quarter: { around: -1.0, up: 0.35 },
  front: { around: 0, up: 0.2 },
  top: { around: -1.57, up: 1.45 },
  behind: { around: 3.14, up: 0.35 },
};

export class RobotView {
  /** @param scene bodies and geoms as the API has them */
  constructor(canvas, scene) {
    this.canvas = canvas;
    this.renderer = new WebGLRenderer({ canvas, antialias: true });
    this.camera = new PerspectiveCamera(45, 1, 0.05, 60);
    this.camera.up.set(0, 0, 1);
    this.scene = new Scene();
    this.target = new Vector3(0, 0, 0.25);
    this.distance = 1.5;
    this.look('quarter');
    this.scene.add(new AmbientLight(0xffffff, 1.1), this.sun(), this.floor());
    this.bodies = [];
    this.show(scene);
    this.listen();
    this.drawn = 0;
    this.renderer.setAnimationLoop((now) => this.draw(now));
  }

  /** Draws another scene. */
  show(scene) {
    this.scene.remove(...this.bodies);
    this.torso = scene.torso;
    this.wanted = null;
    this.bodies = Array.from({ length: scene.bodies }, () => new Group());
    this.scene.add(...this.bodies);
    scene.geoms.forEach((geom) => this.add(geom));
  }

  sun() {
    const sun = new DirectionalLight(0xffffff, 2);
    sun.position.set(3, -2, 5);
    return sun;
  }

  floor() {
    const grid = new GridHelper(20, 40, 0x8a93a6, 0xb9c1cf);
    grid.rotation.x = Math.PI / 2;
    return grid;
  }

  add(geom) {
    const [a, b, c] = geom.size;
    const shape = {
      box: () => new BoxGeometry(2 * a, 2 * b, 2 * c),
      sphere: () => new SphereGeometry(a, 24, 16),
      // three's capsules stand along y, MuJoCo's along z
      capsule: () => new CapsuleGeometry(a, 2 * b, 8, 20).rotateX(Math.PI / 2),
    }[geom.kind];
    if (!shape) {
      return;
    }
    const colour = new Color().setRGB(...geom.colour, SRGBColorSpace);
    const mesh = new Mesh(shape(), new MeshStandardMaterial({ color: colour, roughness: 0.6 }));
    mesh.position.set(...geom.position);
    const [w, x, y, z] = geom.rotation;
    mesh.quaternion.set(x, y, z, w);
    this.bodies[geom.body].add(mesh);
  }

  /** Where the bodies are to be from now on; the first time they are there at once. */
  pose(numbers) {
    const first = !this.wanted;
    this.wanted = numbers;
    if (first) {
      this.move(1);
    }
  }

  move(share) {
    const turned = new Quaternion();
    const place = new Vector3();
    if (this.wanted.length !== NUMBERS_A_BODY * this.bodies.length) {
      // a frame of the robot before
      return;
    }
    this.bodies.forEach((body, index) => {
      const [x, y, z, w, i, j, k] = this.wanted.slice(NUMBERS_A_BODY * index, NUMBERS_A_BODY * (index + 1));
      body.position.lerp(place.set(x, y, z), share);
      body.quaternion.slerp(turned.set(i, j, k, w), share);
    });
    this.target.lerp(this.bodies[this.torso].position, share * 0.3);
  }

  look(name) {
    Object.assign(this, CAMERAS[name]);
  }

  turn(around, up) {
    this.around += around;
    this.up = Math.max(0.02, Math.min(STEEPEST, this.up + up));
  }

  zoom(factor) {
    this.distance = Math.max(CLOSEST, Math.min(FARTHEST, this.distance * factor));
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) {
        this.turn(-event.movementX * 0.008, event.movementY * 0.006);
      }
    });
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(Math.exp(event.deltaY * 0.001));
    }, { passive: false });
    canvas.addEventListener('keydown', (event) => {
      const turns = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, 0.08], ArrowDown: [0, -0.08] }[event.key];
      const zoom = { '+': 0.9, '-': 1.1 }[event.key];
      if (turns || zoom) {
        event.preventDefault();
      }
      if (turns) {
        this.turn(...turns);
      } else if (zoom) {
        this.zoom(zoom);
      }
    });
  }

  draw(now) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!this.wanted || width === 0 || now - this.drawn < LEAST_BETWEEN_PICTURES) {
      return;
    }
    this.drawn = now;
    this.move(SMOOTHING);
    this.renderer.setPixelRatio(Math.min(2, window.devicePixelRatio || 1));
    this.renderer.setSize(width, height, false);
    this.scene.background = new Color(matchMedia('(prefers-color-scheme: dark)').matches ? 0x1b222d : 0xe6ebf4);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    const flat = this.distance * Math.cos(this.up);
    this.camera.position.set(
      this.target.x + flat * Math.cos(this.around), this.target.y + flat * Math.sin(this.around),
      this.target.z + this.distance * Math.sin(this.up));
    this.camera.lookAt(this.target);
    this.renderer.render(this.scene, this.camera);
  }
}
